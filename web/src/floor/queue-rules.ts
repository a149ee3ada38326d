/**
 * What may be sent next, and what an answer means for it: the rules of the queue of work, without any browser in them.
 * Work of one person on one computer is sent in the order in which it was done, each piece once.
 */
export type WorkState = 'waiting' | 'sending' | 'done' | 'refused' | 'discarded';
export type WorkProblem = { status: number; code: string; message: string; body?: Record<string, unknown> };

export type QueuedWork = {
  seq: number;
  path: string;
  body: unknown;
  title: string;
  /** only under this name it is sent: facts bear the name of who did them */
  who: string;
  madeMs: number;
  state: WorkState;
  tries: number;
  claim: { tab: string; untilMs: number } | null;
  problem: WorkProblem | null;
  answer: unknown;
  /** whether it may be sent again as late entry (`check=record`), once it was refused at work */
  recordable: boolean;
  /** why it was discarded */
  reason: string | null;
};
export type NewWork = Pick<QueuedWork, 'path' | 'body' | 'title' | 'who' | 'madeMs' | 'recordable'>;

/** Longer than a request may take, so that nobody takes over what is still under way. */
export const CLAIM_MS = 30_000;
/** What was sent stays in sight for so long. */
export const DONE_MAX = 50;
const RETRY_MS_MAX = 30_000;

export const isOpen = (work: QueuedWork): boolean => work.state === 'waiting' || work.state === 'sending';

/** The next one to send. `busy`: it is under way from another window; nothing may overtake it. */
export function nextOf(
  works: readonly QueuedWork[],
  who: string,
  tab: string,
  nowMs: number,
): QueuedWork | 'busy' | null {
  const open = works.filter((work) => isOpen(work) && work.who === who);
  const next = open.reduce<QueuedWork | null>((first, work) => (!first || work.seq < first.seq ? work : first), null);
  if (next?.state === 'sending' && next.claim && next.claim.tab !== tab && next.claim.untilMs > nowMs) return 'busy';
  return next;
}

export const claimed = (work: QueuedWork, tab: string, nowMs: number): QueuedWork => ({
  ...work,
  state: 'sending',
  tries: work.tries + 1,
  claim: { tab, untilMs: nowMs + CLAIM_MS },
});

export type Outcome = { answer: unknown } | { problem: WorkProblem };

/** Busy, not there, or in between: the same again later is right. All else is an answer. */
const LATER = new Set([0, 401, 408, 425, 429, 502, 503, 504]);
export const isLater = (outcome: Outcome): boolean => 'problem' in outcome && LATER.has(outcome.problem.status);

export function settled(work: QueuedWork, outcome: Outcome): QueuedWork {
  const free = { ...work, claim: null };
  if ('answer' in outcome) {
    const problem = stoppedBy(outcome.answer);
    return { ...free, state: problem ? 'refused' : 'done', answer: outcome.answer, problem };
  }
  return { ...free, state: isLater(outcome) ? 'waiting' : 'refused', problem: outcome.problem };
}

/** A verdict that stops or asks has changed nothing: nobody stood there to see it when it came from the queue. */
function stoppedBy(answer: unknown): WorkProblem | null {
  const { verdict, code, message } = (answer ?? {}) as { verdict?: unknown; code?: unknown; message?: unknown };
  if (verdict !== 'stop' && verdict !== 'ask') return null;
  const say = typeof message === 'string' ? message : verdict;
  return { status: 200, code: typeof code === 'string' ? code : 'STOPPED', message: say };
}

export const retryMs = (tries: number): number => Math.min(RETRY_MS_MAX, 1000 * 2 ** Math.min(tries, 6));

/** The oldest of those that are over; they are only shown. */
export function overdue(works: readonly QueuedWork[]): number[] {
  const over = works.filter((work) => work.state === 'done' || work.state === 'discarded').map((work) => work.seq);
  return over.sort((a, b) => a - b).slice(0, Math.max(0, over.length - DONE_MAX));
}

const types = (body: unknown): string[] =>
  (Array.isArray(body) ? body : [body]).flatMap((one: unknown) => {
    const type = typeof one === 'object' && one !== null ? (one as { type?: unknown }).type : undefined;
    return typeof type === 'string' ? [type] : [];
  });

/**
 * What is never kept for later: freeing held goods, and taking facts back. Whoever frees something must see what the server
 * knows about it now; between now and later another may have found the reason why not.
 */
export function mustBeOnline(path: string, body: unknown): boolean {
  const address = path.split('?')[0] ?? '';
  if (/\/(release|releases|approve|carry-out)(\/|$)/.test(address) || /(^|\/)dispositions(\/|$)/.test(address))
    return true;
  return types(body).some((type) => type === 'release' || type === 'void' || type === 'correct');
}

/** Late entry of what was refused at work: what physically happened is recorded, and shows as a gap (LEDGER). Verbs take it in the body. */
export function asRecord<W extends Pick<NewWork, 'path' | 'body'>>(work: W): W {
  const [address = '', query] = work.path.split('?');
  if (address !== '/events') return { ...work, body: { ...(work.body as object), check: 'record' } };
  const search = new URLSearchParams(query);
  search.set('check', 'record');
  return { ...work, path: `${address}?${search.toString()}` };
}
