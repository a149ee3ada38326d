import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyMultipart from '@fastify/multipart';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { serveConsole } from './console';
import { serveDocs } from './docs';
import { problemOf } from './problem';
import { PROBLEM_JSON, ProblemFilter } from './problem.filter';
import { TextPipe, validationPipe } from './validation';

/** Where the API lives; controllers name their path below it. Whether it lives and is ready stands outside. */
export const API_PREFIX = 'api/v1';

const REQUEST_MS_MAX = 30 * 60_000;
const REQUEST_ID = /^[A-Za-z0-9._:/+=-]{1,100}$/;

export function fastifyAdapter(settings: Settings): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: settings.bodyBytesMax,
    trustProxy: settings.trustProxy,
    // Unit names in a path are codes of items and units, percent-encoded.
    routerOptions: { maxParamLength: 1_000, ignoreTrailingSlash: true },
    // An id from a proxy in front is kept, so that its log and ours can be read together.
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    forceCloseConnections: 'idle',
    // An upload over a slow line takes its time; a client that sends nothing more must not stay for ever.
    requestTimeout: REQUEST_MS_MAX,
    // An address that cannot be decoded never reaches a route.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(new DomainError('BAD_REQUEST', { reason: error.message }), String(request.id));
      void reply.status(problem.status).header('content-type', PROBLEM_JSON).send(JSON.stringify(problem));
    },
  });
}

/** All that every request meets before a controller. `consoleDir` holds the built console, if there is one. */
export async function configureHttp(app: NestFastifyApplication, consoleDir: string): Promise<void> {
  const settings = app.get(Settings);
  const fastify = app.getHttpAdapter().getInstance();
  app.setGlobalPrefix(API_PREFIX, { exclude: ['health/live', 'health/ready'] });
  app.useGlobalPipes(new TextPipe(), validationPipe());
  app.useGlobalFilters(app.get(ProblemFilter));

  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', String(request.id));
    done();
  });
  // A body over the limit is refused at once and closed upon, which many clients see as a broken pipe instead of the answer.
  // Kept open, the rest of it is read and thrown away (Node does that), within the server's request timeout.
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (reply.statusCode === 413) reply.removeHeader('connection');
    done(null, payload);
  });
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // A request without content may still name a content type.
    if (body === '') return done(null, undefined);
    void fastify.getDefaultJsonParser('error', 'error')(request, body as string, (error, value) => {
      if (error) done(new DomainError('BAD_JSON', { reason: whyNotJson(body as string) }));
      else done(null, value);
    });
  });
  fastify.removeContentTypeParser('text/plain');
  // The stream itself is handed on: the route reads it line by line and keeps the limits.
  fastify.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));

  await app.register(fastifyCookie as never);
  await app.register(fastifyMultipart, {
    limits: { fileSize: settings.uploadBytesMax, files: 1, fields: 20, fieldSize: 64 * 1024 },
  });
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Component libraries write style elements while they run.
        styleSrc: ["'self'", "'unsafe-inline'"],
        workerSrc: ["'self'", 'blob:'],
      },
    },
    // Plants run this on plain http inside their network: a browser must not be told to insist on https.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });
  serveDocs(app, settings);
  await serveConsole(app, consoleDir);
}

/** The parser refuses keys such as __proto__ too, which are valid JSON but never meant well. */
function whyNotJson(body: string): string {
  try {
    JSON.parse(body);
    return 'it has a key that is not allowed (__proto__ or constructor).';
  } catch (error) {
    return (error as Error).message;
  }
}
