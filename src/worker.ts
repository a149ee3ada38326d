import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { Settings } from '@/platform/config';
import { writeReadyFile } from '@/platform/http';
import { WorkerModule } from './worker.module';

/** The worker process: jobs, without HTTP. */
async function main(): Promise<void> {
  const settings = new Settings(process.env);
  const app = await NestFactory.createApplicationContext(WorkerModule, { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks();
  app.get(Logger).log({ msg: 'working', version: settings.version });
  writeReadyFile(settings.readyFile, null);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.name === 'SettingError' ? error.message : (error.stack ?? String(error))}\n`);
  process.exit(1);
});
