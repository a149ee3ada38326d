import { Injectable } from '@nestjs/common';

/** What a module does with the jobs of one queue. A job can run twice without harm: after a crash it does. */
export interface JobHandler {
  queue: string;
  concurrency: number;
  /**
   * Does the job, reading its state by id. `signal` aborts when the process is asked to stop: throw then (signal.throwIfAborted()),
   * and the job goes back to the queue. A DomainError is final; any other error is tried again.
   */
  handle(id: string, signal: AbortSignal): Promise<void>;
  /** ids that the database has as queued or running: those without a living job are put on the queue again */
  findLost(): Promise<string[]>;
  /** the last attempt failed, or failed for good: write it down, so that the job counts as lost no more */
  giveUp?(id: string, error: Error): Promise<void>;
}

/** Modules register their handlers in onModuleInit; the runner starts them once all modules are there. */
@Injectable()
export class JobRegistry {
  private readonly byQueue = new Map<string, JobHandler>();

  register(handler: JobHandler): void {
    if (this.byQueue.has(handler.queue)) throw new Error(`The queue ${handler.queue} has two handlers`);
    this.byQueue.set(handler.queue, handler);
  }

  get handlers(): JobHandler[] {
    return [...this.byQueue.values()];
  }

  /** Throws, and so stops the boot, when a queue has nobody who does its jobs. */
  requireAll(queues: readonly string[]): void {
    const missing = queues.filter((queue) => !this.byQueue.has(queue));
    if (missing.length > 0) throw new Error(`No handler for the jobs of: ${missing.join(', ')}`);
  }
}
