import { Client } from 'pg';
import type { Prng } from '../../scenarios/prng';
import { APP_ROLE } from '@/platform/db';

/** Transactions in one call: long enough to be quick, short enough that many commit while a slow one is open. */
const TRANSACTIONS_PER_CALL = 25;

export interface Load {
  url: string;
  families: number;
  /** connections that write as fast as they can, and connections that keep their transactions open */
  quick: number;
  slow: number;
}

/** Counts transactions, and tells those who wait for a number of them. */
class Progress {
  done = 0;
  private waiting: { until: number; go: () => void }[] = [];

  add(count: number): void {
    this.done += count;
    const ready = this.waiting.filter((w) => w.until <= this.done);
    this.waiting = this.waiting.filter((w) => w.until > this.done);
    for (const { go } of ready) go();
  }

  reached(until: number): Promise<void> {
    return until <= this.done ? Promise.resolve() : new Promise((go) => this.waiting.push({ until, go }));
  }
}

/** Writes random transactions from several connections at once until there are as many as were asked for. */
export class Writers {
  private readonly progress = new Progress();
  private readonly problems: string[] = [];
  /** transactions that lost their connection: rolled back by the server, or committed without an answer */
  broken = 0;
  slowCommits = 0;
  private ended?: Promise<void>;

  /** up to which transaction the writers may go: those who check what they write are slower than they are */
  private gate = new Progress();

  constructor(
    private readonly load: Load,
    private readonly target: number,
    private readonly prng: Prng,
  ) {}

  get done(): number {
    return this.progress.done;
  }

  start(): void {
    const { quick, slow } = this.load;
    const all = [];
    for (let writer = 0; writer < quick; writer++) all.push(this.again((client) => this.quick(client, writer)));
    for (let writer = quick; writer < quick + slow; writer++)
      all.push(this.again((client) => this.slowly(client, writer)));
    this.ended = Promise.all(all).then(() => undefined);
  }

  /** Lets the writers go on up to a number of transactions. */
  allow(count: number): void {
    this.gate.add(count - this.gate.done);
  }

  reached(count: number): Promise<void> {
    return this.progress.reached(Math.min(count, this.target));
  }

  async end(): Promise<void> {
    await this.ended;
    if (this.problems.length > 0) throw new Error(`A transaction failed: ${this.problems[0]}`);
  }

  private get over(): boolean {
    return this.progress.done >= this.target || this.problems.length > 0;
  }

  /** Connects, works, and connects again when the server went away. */
  private async again(work: (client: Client) => Promise<void>): Promise<void> {
    while (!this.over) {
      const client = new Client({
        connectionString: this.load.url,
        // Plans are made while the tables are still empty: they must not stay with reading them whole.
        options: `-c role=${APP_ROLE} -c enable_seqscan=off`,
      });
      let gone = false;
      client.on('error', () => (gone = true));
      try {
        await client.connect();
        await work(client);
      } catch (error) {
        this.broken++;
        // The server ended the transaction or the connection; anything else is a fault of the test.
        const { code, message } = error as { code?: string; message: string };
        const away =
          gone || /^(57P0|08)/.test(code ?? '') || code?.startsWith('E') || /terminated|ended/i.test(message);
        if (!away) {
          this.problems.push(message);
          this.progress.add(this.target);
          this.gate.add(this.target);
        }
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }

  private async quick(client: Client, writer: number): Promise<void> {
    while (!this.over) {
      await this.gate.reached(Math.min(this.progress.done + 1, this.target));
      await client.query('CALL random_transactions($1, $2, $3, $4)', [...this.names(writer), TRANSACTIONS_PER_CALL]);
      this.progress.add(TRANSACTIONS_PER_CALL);
    }
  }

  /** Takes its ids early and commits late, after hundreds of others that took theirs later. */
  private async slowly(client: Client, writer: number): Promise<void> {
    while (!this.over) {
      await client.query('BEGIN');
      await client.query('SELECT random_facts($1, $2, $3)', this.names(writer));
      const wait = 25 + Math.floor(this.prng.next() ** 3 * 3_000);
      await this.progress.reached(Math.min(this.target, this.progress.done + wait));
      await client.query('SELECT random_facts($1, $2, $3)', this.names(writer));
      const commit = this.prng.next() < 0.85;
      await client.query(commit ? 'COMMIT' : 'ROLLBACK');
      if (commit) this.slowCommits++;
      this.progress.add(1);
    }
  }

  private names(writer: number): number[] {
    return [writer, this.load.quick + this.load.slow, this.load.families];
  }
}
