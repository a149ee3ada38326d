/**
 * Scans are handled one after the other in the order in which they came, each exactly once, however fast they come: a
 * scanner beeps when it has read, and whoever holds it trusts the beep.
 */
export class InOrder<T> {
  private readonly waiting: T[] = [];
  private running = false;
  private stopped = false;

  constructor(
    private readonly handle: (item: T) => Promise<void>,
    private readonly onChange: (waiting: number) => void = () => undefined,
  ) {}

  get size(): number {
    return this.waiting.length;
  }

  push(item: T): void {
    this.waiting.push(item);
    this.onChange(this.waiting.length);
    void this.run();
  }

  /** Takes out what has not been begun. */
  drop(): T[] {
    const dropped = this.waiting.splice(0);
    if (dropped.length > 0) this.onChange(0);
    return dropped;
  }

  /** Begins nothing more; gives back what was not begun. */
  stop(): T[] {
    this.stopped = true;
    return this.waiting.splice(0);
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      while (!this.stopped && this.waiting.length > 0) {
        const item = this.waiting.shift() as T;
        this.onChange(this.waiting.length);
        // What goes wrong with one must not stop the next; who handles says what went wrong.
        await this.handle(item).catch(() => undefined);
      }
    } finally {
      this.running = false;
    }
  }
}
