/** The one queue of work of this browser, and the way into it. */
import { ApiError, url } from '~/api/client';
import { isReached, onReach, setReached } from '~/api/reach';
import { mustBeOnline, type Outcome, type QueuedWork } from './queue-rules';
import { WorkQueue } from './work-queue';
import { openWorkStore } from './work-store';

const REQUEST_MS_MAX = 15_000;
const TAB = 'unitrail.tab';
const CHANNEL = 'unitrail.work';

/** A random id (UUID v4). Not `crypto.randomUUID`: browsers keep that from plants that run on plain http. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The same after a reload: what this window was sending it may send again at once. */
function tabId(): string {
  try {
    const known = sessionStorage.getItem(TAB) ?? newId();
    sessionStorage.setItem(TAB, known);
    return known;
  } catch {
    return newId();
  }
}

async function post(path: string, body: unknown): Promise<Outcome> {
  try {
    const [address = '', query] = path.split('?');
    const response = await fetch(url(address, Object.fromEntries(new URLSearchParams(query))), {
      method: 'POST',
      credentials: 'same-origin',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    });
    setReached(true);
    const answer = (await response.json().catch(() => null)) as Record<string, unknown> | null;
    if (response.ok) return { answer };
    return { problem: problemOf(response, answer ?? {}) };
  } catch {
    setReached(false);
    return { problem: { status: 0, code: 'OFFLINE', message: 'The server cannot be reached.' } };
  }
}

function problemOf(response: Response, body: Record<string, unknown>) {
  // Events are refused one by one, each with a sentence of its own.
  const [first] = Array.isArray(body['refused']) ? (body['refused'] as Record<string, unknown>[]) : [];
  const said = { ...body, ...first };
  const code = typeof said['code'] === 'string' ? said['code'] : `HTTP_${response.status}`;
  const message = [said['message'], said['detail'], said['title']].find((one) => typeof one === 'string');
  return { status: response.status, code, message: message ?? response.statusText, body };
}

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);

/** Opened when the console starts; everything waits for it. */
export const workQueue: Promise<WorkQueue> = openWorkStore().then(({ store }) => {
  const queue = new WorkQueue(store, post, tabId(), () => channel?.postMessage(null));
  channel?.addEventListener('message', () => void queue.look());
  onReach(() => {
    if (isReached()) void queue.wake();
  });
  return queue;
});

export type Sent<A> = { state: 'sent'; answer: A } | { state: 'queued'; work: QueuedWork };
export type WorkOptions = {
  /** what the queue shows it as */
  title?: string;
  /** whether `?check=record` is a way to enter it late, should it be refused */
  recordable?: boolean;
};

type Named = Record<string, unknown>;
const named = (body: object): object =>
  Array.isArray(body)
    ? (body as Named[]).map((event) => ({ id: newId(), ...event }))
    : { id: newId(), ...(body as Named) };

/**
 * POSTs a piece of work under an id of its own. Without a connection it is kept and sent later, once and in order
 * (`queued`); a refusal is thrown. Freeing held goods and taking facts back are never kept: without a connection they throw.
 * Give the time of the work (`at`) in the body: what is sent late happened when it was done.
 */
export async function sendWork<A>(path: string, body: object, options: WorkOptions = {}): Promise<Sent<A>> {
  const whole = named(body);
  if (mustBeOnline(path, whole)) {
    const outcome = await post(path, whole);
    if ('answer' in outcome) return { state: 'sent', answer: outcome.answer as A };
    const { status, code, message } = outcome.problem;
    throw status === 0 ? new ApiError(0, 'NEEDS_CONNECTION', NEEDS_CONNECTION) : new ApiError(status, code, message);
  }
  const queue = await workQueue;
  const who = queue.person;
  if (who === null) throw new ApiError(401, 'UNAUTHENTICATED', 'Sign in first.');
  const work = await queue.send({
    path,
    body: whole,
    title: options.title ?? path,
    who,
    madeMs: Date.now(),
    recordable: options.recordable ?? false,
  });
  if (work.state === 'done') return { state: 'sent', answer: work.answer as A };
  if (work.state === 'refused' && work.problem) {
    await queue.forget(work.seq);
    // A verdict that stops: whoever scanned is here to see it.
    if (work.answer !== null) return { state: 'sent', answer: work.answer as A };
    throw new ApiError(work.problem.status, work.problem.code, work.problem.message, work.problem.body ?? {});
  }
  return { state: 'queued', work };
}

const NEEDS_CONNECTION =
  'This needs the server: nothing is set free or taken back without a connection. Try again when it is back.';
