import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Settings } from '@/platform/config';

export const SESSION_COOKIE = 'unitrail_session';

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
    .build();
  SwaggerModule.setup('api/docs', app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: 'api/docs-json',
    yamlDocumentUrl: 'api/docs-yaml',
    customSiteTitle: 'Unitrail API',
  });
}
