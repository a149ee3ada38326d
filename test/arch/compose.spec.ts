import Ajv from 'ajv';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Settings } from '@/platform/config';
import { ROOT } from '../support/services';
import schema from './compose.schema.json';

interface Service {
  command?: string[];
  environment: Record<string, string>;
  volumes?: string[];
  healthcheck?: object;
  depends_on?: Record<string, { condition: string }>;
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const service = (name: string): Service => {
  const found = compose.services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};

describe('docker-compose.yml', () => {
  const check = new Ajv({ allErrors: true, strict: false }).compile(schema);

  it('has the form of a Compose file', () => {
    check(compose);
    expect(check.errors ?? []).toEqual([]);
  });

  it('would not pass with a key that Compose does not know', () => {
    expect(check({ ...compose, services: { api: { ...service('api'), depend_on: {} } } })).toBe(false);
    expect(check({ ...compose, services: { api: { ...service('api'), healthcheck: { test: 'curl' } } } })).toBe(false);
  });

  it('describes the product: api, worker, postgres and redis, each with a health check', () => {
    for (const name of ['api', 'worker', 'postgres', 'redis']) expect(service(name).healthcheck).toBeDefined();
  });

  it('refers to services and volumes that it has', () => {
    const names = Object.keys(compose.services);
    for (const one of Object.values(compose.services)) {
      expect(names).toEqual(expect.arrayContaining(Object.keys(one.depends_on ?? {})));
      for (const volume of one.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
    const hosts = [...text.matchAll(/(?:@|http:\/\/)([a-z]+):\d+/g)].map((match) => match[1]);
    expect(hosts).toHaveLength(3);
    expect(names).toEqual(expect.arrayContaining(hosts));
  });

  it('keeps jobs and facts: Redis never evicts and appends to its file, both have a volume', () => {
    const command = (service('redis').command ?? []).join(' ');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(command).toContain('--appendonly yes');
    expect(service('redis').volumes).toHaveLength(1);
    expect(service('postgres').volumes).toHaveLength(1);
  });

  it.each(['api', 'worker'])('starts a built file, with settings that %s accepts', (name) => {
    const { command = [], environment } = service(name);
    const source = command.at(-1)?.replace(/^dist\/(.+)\.js$/, '$1.ts') ?? '';
    expect(existsSync(join(ROOT, source))).toBe(true);
    const given = Object.entries(environment).map(([key, value]) => [
      key,
      // As Compose does it: ${NAME:-default}, and a required one from the environment.
      value.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1').replace(/\$\{[A-Z_]+:\?[^}]*\}/g, 'secret'),
    ]);
    const settings = new Settings(Object.fromEntries(given) as Record<string, string>);
    expect(settings.port).toBe(3000);
    expect(settings.redisUrl).toContain('@redis:6379');
  });
});
