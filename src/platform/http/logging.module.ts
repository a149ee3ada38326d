import { Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Settings } from '@/platform/config';

/** Nest tells every module and route when it starts: hundreds of lines that nobody reads. */
const START_UP = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);
const INFO = 30;
/** Whoever reads a log must not get in by what stands in it. */
const SECRET_IN_ADDRESS = /(\/answers?\/)[\w-]{20,}/;

function leaveOutStartUp(this: unknown, args: unknown[], method: (...args: unknown[]) => void, level: number): void {
  const context = (args[0] as { context?: string } | undefined)?.context;
  if (level <= INFO && context !== undefined && START_UP.has(context)) return;
  method.apply(this, args);
}

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
          hooks: { logMethod: leaveOutStartUp },
          formatters: { level: (label: string) => ({ level: label }) },
          quietReqLogger: true,
          customAttributeKeys: { reqId: 'requestId' },
          // Health checks come every few seconds and say nothing: they are logged only where they fail.
          customLogLevel: (req: IncomingMessage, res: ServerResponse, error?: Error) => {
            if (error || res.statusCode >= 500) return 'error';
            return (req as { originalUrl?: string }).originalUrl?.startsWith('/health') ? 'debug' : 'info';
          },
          serializers: {
            req: (req: { method: string; url: string }) => ({
              method: req.method,
              url: req.url.replace(SECRET_IN_ADDRESS, '$1…'),
            }),
            res: (res: { statusCode: number }) => ({ statusCode: res.statusCode }),
          },
        },
      }),
    }),
  ],
})
export class LoggingModule {}
