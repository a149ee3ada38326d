/**
 * Sends work to the server once and in order, now or when the connection is back. Every piece is kept first and sent then,
 * under the id that it got here: an answer that was lost on the way is asked for again, and the server does it once.
 */
import {
  asRecord,
  claimed,
  isLater,
  isOpen,
  nextOf,
  overdue,
  retryMs,
  settled,
  type NewWork,
  type Outcome,
  type QueuedWork,
} from './queue-rules';
import type { WorkStore } from './work-store';

export type Post = (path: string, body: unknown) => Promise<Outcome>;
type Timer = ReturnType<typeof setTimeout>;

/** How long a person waits for work that another window is sending. */
const ATTENDED_MS_MAX = 20_000;
const BUSY_MS = 500;
const DOUBTFUL_MS = 1500;
const TAKE_OVER_MS = 5000;

export class WorkQueue {
  private who: string | null = null;
  private works: QueuedWork[] = [];
  private draining: Promise<void> | null = null;
  private timer: Timer | undefined;
  private reached = true;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly store: WorkStore,
    private readonly post: Post,
    private readonly tab: string,
    /** tells the other windows that something changed */
    private readonly tell: () => void = () => undefined,
    private readonly clock: () => number = Date.now,
  ) {}

  get person(): string | null {
    return this.who;
  }

  /** All that is kept, oldest first; the same array until something changes. */
  snapshot = (): QueuedWork[] => this.works;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Whose work is sent from now on; nobody's while nobody is signed in. */
  async signedInAs(who: string | null): Promise<void> {
    this.who = who;
    await this.refresh();
    await this.drain();
  }

  /** The network came back, or it is time to try again. */
  async wake(): Promise<void> {
    await this.refresh();
    await this.drain();
  }

  /** Another window changed something. It sends by itself; should it be closed, this one takes over after a while. */
  async look(): Promise<void> {
    await this.refresh();
    if (!this.timer && this.works.some(isOpen)) this.later(TAKE_OVER_MS);
  }

  /** Keeps it, sends it, and gives it back as it stands then: done, refused, or waiting for the connection. */
  async send(work: NewWork): Promise<QueuedWork> {
    const { seq } = await this.store.add(work);
    await this.changed();
    const untilMs = this.clock() + ATTENDED_MS_MAX;
    // What is under way may have looked before this was there.
    const before = this.draining;
    for (;;) {
      const sent = Promise.resolve(before).then(() => this.drain());
      // Where the server was out of reach a moment ago, nobody is kept waiting to see whether it still is.
      await (this.reached ? sent : Promise.race([sent, this.pause(DOUBTFUL_MS)]));
      const mine = this.works.find((one) => one.seq === seq);
      if (!mine) return { ...work, ...LOST, seq };
      if (!isOpen(mine) || !this.reached || mine.who !== this.who || this.clock() > untilMs) return mine;
      await this.next();
    }
  }

  /** Whoever sent it saw the refusal: it need not be shown again. */
  async forget(seq: number): Promise<void> {
    await this.store.change(() => ({ remove: [seq], result: null }));
    await this.changed();
  }

  async discard(seq: number, reason: string): Promise<void> {
    await this.replace(seq, (work) => ({ ...work, state: 'discarded', reason }));
  }

  async again(seq: number): Promise<void> {
    await this.replace(seq, (work) => ({ ...work, state: 'waiting', problem: null, tries: 0 }));
    await this.drain();
  }

  /** It happened, whatever the present state says: sent as late entry. */
  async asItHappened(seq: number): Promise<void> {
    await this.replace(seq, (work) =>
      work.recordable ? { ...asRecord(work), state: 'waiting', problem: null, tries: 0 } : work,
    );
    await this.drain();
  }

  /** Sends nothing more by itself. */
  close(): void {
    this.who = null;
    clearTimeout(this.timer);
  }

  drain(): Promise<void> {
    this.draining ??= this.run().finally(() => {
      this.draining = null;
    });
    return this.draining;
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (;;) {
      const { who } = this;
      if (who === null) return;
      const next = await this.store.change<QueuedWork | 'busy' | null>((works) => {
        const found = nextOf(works, who, this.tab, this.clock());
        if (found === null || found === 'busy') return { result: found };
        const mine = claimed(found, this.tab, this.clock());
        return { put: [mine], result: mine };
      });
      if (next === null) return;
      if (next === 'busy') {
        this.later(BUSY_MS);
        return;
      }
      await this.changed();
      const outcome = await this.post(next.path, next.body);
      await this.store.change((works) => {
        // Taken over by another window meanwhile: that one says how it ended.
        const mine = works.some((work) => work.seq === next.seq && work.claim?.tab === this.tab);
        const put = mine ? [settled(next, outcome)] : [];
        return { put, remove: overdue([...works.filter((work) => work.seq !== next.seq), ...put]), result: null };
      });
      this.reached = !isLater(outcome);
      await this.changed();
      if (!this.reached) {
        this.later(retryMs(next.tries));
        return;
      }
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.wake();
    }, ms);
  }

  private async replace(seq: number, by: (work: QueuedWork) => QueuedWork): Promise<void> {
    await this.store.change((works) => {
      const found = works.find((work) => work.seq === seq && work.state === 'refused');
      return { ...(found ? { put: [by(found)] } : {}), result: null };
    });
    await this.changed();
  }

  private async changed(): Promise<void> {
    await this.refresh();
    this.tell();
  }

  private async refresh(): Promise<void> {
    this.works = (await this.store.all()).sort((a, b) => a.seq - b.seq);
    for (const listener of [...this.listeners]) listener();
  }

  /** Until something changes, or a little while. */
  private next(): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const stop = this.subscribe(go);
      const timer = setTimeout(go, BUSY_MS);
    });
  }
}

/** Another window sent it so long ago that it is not shown any more. */
const LOST = { state: 'done', tries: 1, claim: null, problem: null, answer: null, reason: null } as const;
