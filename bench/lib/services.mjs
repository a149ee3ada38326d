/** PostgreSQL and Redis of our own in a temporary folder, and Unitrail's api and worker on them. All of it goes when we end. */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../scripts/lib/instance.mjs';
import { fromRoot } from '../../scripts/lib/paths.mjs';
import { startServices } from '../../scripts/lib/services.mjs';
import { Supervised } from '../../scripts/lib/supervised.mjs';

const { Client } = createRequire(import.meta.url)('pg');
const API_KEY = 'bench-admin-key-0123456789abcdef0123456789';

export function temporaryFolder() {
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'unitrail-bench-'));
  return { folder, freeBytes: freeBytes(folder), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function freeBytes(folder) {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

export class Bed {
  static async start(folder, say) {
    const services = await startServices({ dataDir: folder, say });
    return new Bed(folder, services, say);
  }

  constructor(folder, services, say) {
    Object.assign(this, { folder, services, say, clients: [], processes: [] });
  }

  urlOf(database) {
    return this.services.postgres.urlOf(database);
  }

  /** A migrated, empty database. */
  async database(name) {
    const admin = await this.client('postgres');
    await admin.query(`CREATE DATABASE ${name}`);
    await runCommand('The migration', ['migrate'], { env: this.environment(name) });
  }

  async client(database) {
    const client = new Client({ connectionString: this.urlOf(database) });
    client.on('error', () => undefined);
    await client.connect();
    this.clients.push(client);
    return client;
  }

  environment(database) {
    return {
      DATABASE_URL: this.urlOf(database),
      REDIS_URL: this.services.redis.url,
      DATA_DIR: this.folder,
      PORT: '0',
      HOST: '127.0.0.1',
      DEMO: '0',
      LOG_LEVEL: 'warn',
      // What a worker computes of its own accord, once a day, is not to fall into a measurement.
      BLAST_EVERY_HOURS: '0',
      ADMIN_API_KEY: API_KEY,
    };
  }

  /** The product as it runs after `npm start`: an api and a worker. */
  async product(database, more = {}) {
    const options = { env: { ...this.environment(database), ...more }, dataDir: this.folder, say: this.say };
    const api = new Supervised({ name: 'api', script: fromRoot('dist', 'src', 'main.js'), ...options });
    const worker = new Supervised({ name: 'worker', script: fromRoot('dist', 'src', 'worker.js'), ...options });
    this.processes.push(api, worker);
    const [{ port }] = await Promise.all([api.start(), worker.start()]);
    this.running = { url: `http://127.0.0.1:${port}`, key: API_KEY };
  }

  async endProduct() {
    await Promise.all(this.processes.splice(0).map((process) => process.stop()));
    this.running = undefined;
  }

  async stop() {
    await this.endProduct();
    for (const client of this.clients) await client.end().catch(() => undefined);
    await this.services.redis?.stop?.();
    await this.services.postgres.stop?.();
  }
}
