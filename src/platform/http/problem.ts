import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { DomainError, ErrorKind } from '@/kernel';
import { isAway } from '@/platform/db';

const STATUS: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'too-large': 413,
  'unsupported-type': 415,
  unprocessable: 422,
  'too-many': 429,
  internal: 500,
  unavailable: 503,
};

/** An error as RFC 9457 has it: `code` is stable, the details of the sentence stand beside it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  instance: string;
  [detail: string]: unknown;
}

export function statusOf(error: DomainError): number {
  return STATUS[error.kind];
}

export function problemOf(error: DomainError, requestId: string): Problem {
  const status = statusOf(error);
  const problem: Problem = {
    type: `urn:unitrail:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: error.code,
    detail: error.message,
    instance: requestId,
  };
  // A detail that is named like one of the fields above must not replace it.
  for (const [name, value] of Object.entries(error.details)) if (!(name in problem)) problem[name] = value;
  return problem;
}

export interface RequestFacts {
  requestId: string;
  path: string;
  contentType?: string;
  bodyBytesMax: number;
  uploadBytesMax: number;
}

/** Turns whatever was thrown into one of our closed set. What is unknown stays inside: the log has it, the answer its id. */
export function toDomainError(error: unknown, facts: RequestFacts): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof HttpException) return fromStatus(error.getStatus(), error.message, facts);
  const { statusCode, code, message } = (error ?? {}) as { statusCode?: number; code?: string; message?: string };
  // Fastify and its plugins mark what the client did wrong with a status below 500.
  if (typeof statusCode === 'number' && statusCode < 500 && /^FST_/.test(code ?? ''))
    return fromStatus(statusCode, message ?? '', facts);
  if (isAway(error)) return new DomainError('UNAVAILABLE', { what: 'The database' });
  return new DomainError('INTERNAL', { requestId: facts.requestId });
}

function fromStatus(status: number, message: string, facts: RequestFacts): DomainError {
  switch (status) {
    case 404:
      return new DomainError('ROUTE_NOT_FOUND', { path: facts.path });
    case 413:
      return facts.contentType?.startsWith('multipart/')
        ? new DomainError('BODY_TOO_LARGE', { limit: facts.uploadBytesMax, setting: 'UPLOAD_BYTES_MAX' })
        : new DomainError('BODY_TOO_LARGE', { limit: facts.bodyBytesMax, setting: 'BODY_BYTES_MAX' });
    case 415:
    case 406:
      return new DomainError('UNSUPPORTED_MEDIA_TYPE', {
        type: facts.contentType ?? 'none',
        expected: 'application/json, or what /api/docs says for this address',
      });
    case 503:
      return new DomainError('UNAVAILABLE', { what: 'This' });
    default:
      return status < 500
        ? new DomainError('BAD_REQUEST', { reason: message })
        : new DomainError('INTERNAL', { requestId: facts.requestId });
  }
}
