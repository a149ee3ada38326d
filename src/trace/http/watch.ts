import type { MessageEvent } from '@nestjs/common';
import { Observable } from 'rxjs';
import type { ProgressBus } from '@/platform/jobs';
import { traceChannel } from '../app/run-trace';
import type { TraceSummary } from '../queries/views';

/** Redis may be away: the database is looked at so often even when no news comes. */
const LOOK_EVERY_MS = 1_000;

export function isFinal(status: TraceSummary['status']): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled';
}

type Look = () => Promise<TraceSummary>;

/** Calls back with the trace now and at every change until it is final or the returned function is called. */
export function watchTrace(bus: ProgressBus, id: string, look: Look, tell: (trace: TraceSummary) => void): () => void {
  let over = false;
  let looking = false;
  let again = false;
  const stop = () => {
    over = true;
    unsubscribe();
    clearInterval(timer);
  };
  const check = () => {
    if (over) return;
    again = looking;
    if (looking) return;
    looking = true;
    look()
      .then((trace) => {
        if (over) return;
        if (isFinal(trace.status)) stop();
        tell(trace);
      })
      // The next look tries again: a watcher is no reason to fail.
      .catch(() => undefined)
      .finally(() => {
        looking = false;
        if (again) check();
      });
  };
  const unsubscribe = bus.subscribe(traceChannel(id), check);
  const timer = setInterval(check, LOOK_EVERY_MS);
  check();
  return stop;
}

/** The trace as server-sent events, one at every change, until it is final. */
export function traceEvents(bus: ProgressBus, id: string, look: Look): Observable<MessageEvent> {
  return new Observable<MessageEvent>((subscriber) => {
    let last = '';
    const stop = watchTrace(bus, id, look, (trace) => {
      const text = JSON.stringify(trace);
      if (text !== last) subscriber.next({ type: 'trace', data: trace });
      last = text;
      if (isFinal(trace.status)) subscriber.complete();
    });
    subscriber.add(stop);
  });
}

/** The trace when it is final, or as it is after `ms`. */
export async function waitForTrace(bus: ProgressBus, id: string, look: Look, ms: number): Promise<TraceSummary> {
  const first = await look();
  if (isFinal(first.status) || ms <= 0) return first;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      stop();
      resolve();
    }, ms);
    const stop = watchTrace(bus, id, look, (trace) => {
      if (!isFinal(trace.status)) return;
      clearTimeout(timer);
      resolve();
    });
  });
  return look();
}
