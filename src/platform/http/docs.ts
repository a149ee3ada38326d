import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { CATALOGUE } from '@/kernel';
import { Settings } from '@/platform/config';

export const SESSION_COOKIE = 'unitrail_session';

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(CATALOGUE) },
    detail: { type: 'string' },
    instance: { type: 'string' },
  },
  additionalProperties: true,
};

/** OpenAPI: the page at /api/docs (bundled, nothing from another host), the document at /api/docs-json. */
export function serveDocs(app: NestFastifyApplication, settings: Settings): void {
  const config = new DocumentBuilder()
    .setTitle('Unitrail')
    .setDescription(
      'Manufacturing traceability and recall. Errors are application/problem+json with a stable `code`; ' +
        'lists answer `{ data, nextCursor }`; times are ISO 8601 with offset.',
    )
    .setVersion(settings.version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key' }, 'key')
    .addCookieAuth(SESSION_COOKIE, { type: 'apiKey', in: 'cookie' }, 'session')
    .addSecurityRequirements('key')
    .addSecurityRequirements('session')
    .addGlobalResponse({
      status: 'default',
      description: 'What went wrong: `code` is stable, `detail` says what to do, `instance` is the request id',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    })
    .build();
  const describe = (): OpenAPIObject => {
    const document = SwaggerModule.createDocument(app, config);
    document.components = {
      ...document.components,
      schemas: { ...document.components?.schemas, Problem: PROBLEM },
    };
    return document;
  };
  SwaggerModule.setup('api/docs', app, describe, {
    jsonDocumentUrl: 'api/docs-json',
    yamlDocumentUrl: 'api/docs-yaml',
    customSiteTitle: 'Unitrail API',
  });
}
