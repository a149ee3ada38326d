/**
 * Owns the edge: what every request meets (body limits, validation, security headers), how errors are answered
 * (problem+json), logging, the OpenAPI page and the built console. Knows no business word.
 */
export * from './adapter';
export * from './api-page';
export { SESSION_COOKIE } from './docs';
export * from './http.module';
export * from './logging.module';
export * from './ndjson';
export * from './page';
export * from './page.dto';
export * from './problem';
export * from './problem.filter';
export * from './ready';
export * from './rows-out';
export * from './fields';
