import { ArgumentsHost, Catch, ExceptionFilter, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '@/platform/config';
import { problemOf, statusOf, toDomainError } from './problem';

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Answers every error as problem+json, and logs those that are ours. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  constructor(private readonly settings: Settings) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    this.answer(error, request, reply);
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const requestId = String(request.id);
    const known = toDomainError(error, {
      requestId,
      path: request.url.split('?')[0] ?? request.url,
      contentType: request.headers['content-type'],
      bodyBytesMax: this.settings.bodyBytesMax,
      uploadBytesMax: this.settings.uploadBytesMax,
    });
    const status = statusOf(known);
    if (status >= 500) {
      const stack = error instanceof Error ? error.stack : String(error);
      this.logger.error({ msg: known.code, url: request.url, err: stack });
    }
    // A stream that breaks off after its head was sent can only be cut: the client sees an incomplete answer.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const seconds = known.details['seconds'];
    if (status === 429 && typeof seconds === 'number') void reply.header('retry-after', String(seconds));
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply
      .status(status)
      .header('content-type', PROBLEM_JSON)
      .send(JSON.stringify(problemOf(known, requestId)));
  }
}
