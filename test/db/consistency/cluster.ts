import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createDataSource } from '@/platform/db';
import { TestProcess, waitFor } from '../../support';

/** A PostgreSQL server of its own, migrated: it can be crashed and restarted while other tests go on. */
export class Cluster {
  private constructor(
    private readonly process: TestProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'unitrail-consistency-'));
    chmodSync(folder, 0o755);
    const script = join(__dirname, 'own-postgres.mjs');
    const process = TestProcess.start('own-postgres', globalThis.process.execPath, [script, folder]);
    const url = await process.ready(() => /^ready (\S+)$/m.exec(process.logs())?.[1]);
    const cluster = new Cluster(process, folder, url);
    // What a crash of the server may lose is lost by the machine's alone: commits are whole, and quick.
    await cluster.asOwner('ALTER SYSTEM SET fsync = off');
    await cluster.asOwner('ALTER SYSTEM SET full_page_writes = off');
    await cluster.asOwner('SELECT pg_reload_conf()');
    const owner = await createDataSource({ url, as: 'owner' }).initialize();
    await owner.runMigrations();
    await owner.destroy();
    return cluster;
  }

  async asOwner(sql: string, params: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query(sql, params)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  }

  crash(): Promise<void> {
    return this.again('SIGUSR2');
  }

  restart(): Promise<void> {
    return this.again('SIGHUP');
  }

  private async again(signal: NodeJS.Signals): Promise<void> {
    const before = this.starts();
    this.process.child.kill(signal);
    await waitFor(() => this.starts() > before, { withinMs: 60_000, what: 'PostgreSQL to be up again' });
  }

  private starts(): number {
    return this.process.logs().split('ready ').length;
  }

  async stop(): Promise<void> {
    await this.process.kill('SIGTERM', 60_000);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
