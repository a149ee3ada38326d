import supertest from 'supertest';
import type { TestApp } from './app';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type Http = Record<Method, (path: string) => supertest.Test>;

/** Supertest on a running app. With a key (the admin's unless told) each request carries it; `null` sends none. */
export function http(app: Pick<TestApp, 'url' | 'apiKey'>, key: string | null = app.apiKey): Http {
  const call =
    (method: Method) =>
    (path: string): supertest.Test => {
      const request = supertest(app.url)[method](path);
      return key === null ? request : request.set('Authorization', `Bearer ${key}`);
    };
  return { get: call('get'), post: call('post'), put: call('put'), patch: call('patch'), delete: call('delete') };
}
