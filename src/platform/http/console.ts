import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '@/kernel';
import { ProblemFilter } from './problem.filter';

const OURS = /^\/(api|health)(\/|$)/;

/**
 * Serves the built console: its files as they are, and its page for every other address that is not the API's, because
 * the console routes by itself. Where it is not built, the API works all the same.
 */
export async function serveConsole(app: NestFastifyApplication, dir: string): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  const filter = app.get(ProblemFilter);
  const page = join(dir, 'index.html');
  const built = existsSync(page);
  const html = built ? readFileSync(page) : null;

  if (built)
    await app.register(fastifyStatic as never, {
      root: dir,
      wildcard: false,
      index: false,
      globIgnore: ['**/index.html'],
      cacheControl: false,
      setHeaders: (reply: { setHeader(name: string, value: string): void }, path: string) =>
        // Built files carry a hash of their content in their name.
        reply.setHeader(
          'cache-control',
          path.includes(`${join(dir, 'assets')}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    });

  const fallback = (request: FastifyRequest, reply: FastifyReply): void => {
    const path = request.url.split('?')[0] ?? '/';
    const isFile =
      path !== '/index.html' && /\.[a-z0-9]{1,8}$/i.test(path) && !(request.headers.accept ?? '').includes('text/html');
    if (OURS.test(path) || html === null || isFile) {
      filter.answer(new DomainError('ROUTE_NOT_FOUND', { path }), request, reply);
      return;
    }
    void reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(html);
  };
  fastify.get('/', fallback);
  fastify.get('/*', fallback);
}
