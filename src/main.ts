import 'reflect-metadata';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { Settings } from '@/platform/config';
import { configureHttp, fastifyAdapter, writeReadyFile } from '@/platform/http';
import { AppModule } from './app.module';

/** The api process: HTTP and the console. */
async function main(): Promise<void> {
  const settings = new Settings(process.env);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, fastifyAdapter(settings), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks();
  await configureHttp(app, join(__dirname, '..', '..', 'web', 'dist'));
  await app.listen(settings.port, settings.host);
  const { port } = app.getHttpServer().address() as { port: number };
  app.get(Logger).log({ msg: 'listening', port, version: settings.version });
  writeReadyFile(settings.readyFile, port);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.name === 'SettingError' ? error.message : (error.stack ?? String(error))}\n`);
  process.exit(1);
});
