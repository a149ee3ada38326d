import { Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Settings } from '@/platform/config';

/** Structured logs, one JSON object a line on stdout; a request's lines carry its id. Bodies and credentials are never logged. */
@Module({
  imports: [
    LoggerModule.forRootAsync({
      inject: [Settings],
      useFactory: (settings: Settings) => ({
        forRoutes: ['{*path}'],
        pinoHttp: {
          level: settings.logLevel,
          base: { pid: process.pid },
          timestamp: () => `,"time":"${new Date().toISOString()}"`,
          formatters: { level: (label: string) => ({ level: label }) },
          quietReqLogger: true,
          customAttributeKeys: { reqId: 'requestId' },
          // Health checks come every few seconds and say nothing: they are logged only where they fail.
          customLogLevel: (req: IncomingMessage, res: ServerResponse, error?: Error) => {
            if (error || res.statusCode >= 500) return 'error';
            return (req as { originalUrl?: string }).originalUrl?.startsWith('/health') ? 'debug' : 'info';
          },
          serializers: {
            req: (req: { method: string; url: string }) => ({ method: req.method, url: req.url }),
            res: (res: { statusCode: number }) => ({ statusCode: res.statusCode }),
          },
        },
      }),
    }),
  ],
})
export class LoggingModule {}
