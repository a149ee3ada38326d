import { asRecord, CLAIM_MS, DONE_MAX, mustBeOnline, type NewWork, type Outcome } from './queue-rules';
import { MemoryStore } from './work-store';
import { WorkQueue } from './work-queue';

/** A server that keeps what it got, by id, and a line to it that can be cut before or after the server has it. */
class Line {
  got: string[] = [];
  facts = new Set<string>();
  cut: 'no' | 'before' | 'after' = 'no';
  refuses = new Set<string>();
  stops = new Set<string>();

  post = async (path: string, body: unknown): Promise<Outcome> => {
    const { id } = body as { id: string };
    const lost: Outcome = { problem: { status: 0, code: 'OFFLINE', message: 'not reached' } };
    if (this.cut === 'before') return lost;
    if (this.stops.has(id)) return { answer: { verdict: 'stop', code: 'UNIT_EXPIRED', message: `${id} expired` } };
    const late = path.includes('check=record') || (body as { check?: string }).check === 'record';
    if (this.refuses.has(id) && !late)
      return { problem: { status: 422, code: 'UNIT_ON_HOLD', message: `${id} is on hold` } };
    this.got.push(id);
    this.facts.add(id);
    return this.cut === 'after' ? lost : { answer: { id } };
  };
}

const work = (id: string, who = 'ann'): NewWork => ({
  path: '/builds?check=live',
  body: { id },
  title: id,
  who,
  madeMs: 0,
  recordable: true,
});
const states = (queue: WorkQueue) => queue.snapshot().map((one) => `${one.title} ${one.state}`);

const open: WorkQueue[] = [];
afterEach(() => {
  for (const queue of open.splice(0)) queue.close();
});

async function queueOf(line: Line, store = new MemoryStore(), tab = 't1', clock = { ms: 1 }) {
  const queue = new WorkQueue(
    store,
    line.post,
    tab,
    () => undefined,
    () => clock.ms,
  );
  open.push(queue);
  await queue.signedInAs('ann');
  return queue;
}

describe('the queue of work', () => {
  it('sends at once where the server answers, and gives its answer', async () => {
    const line = new Line();
    const queue = await queueOf(line);
    const sent = await queue.send(work('a'));
    expect(sent).toMatchObject({ state: 'done', answer: { id: 'a' } });
    expect(line.got).toEqual(['a']);
  });

  it('keeps what it cannot send, and sends it once and in order when the line is back', async () => {
    const line = new Line();
    line.cut = 'before';
    const store = new MemoryStore();
    const queue = await queueOf(line, store);
    expect(await queue.send(work('a'))).toMatchObject({ state: 'waiting' });
    expect(await queue.send(work('b'))).toMatchObject({ state: 'waiting' });
    // The page is loaded again: another queue on the same store.
    line.cut = 'no';
    const after = await queueOf(line, store);
    expect(line.got).toEqual(['a', 'b']);
    expect(states(after)).toEqual(['a done', 'b done']);
    await after.wake();
    expect(line.got).toEqual(['a', 'b']);
  });

  it('asks again where the answer was lost: the same id, so that it counts once', async () => {
    const line = new Line();
    line.cut = 'after';
    const queue = await queueOf(line);
    await queue.send(work('a'));
    line.cut = 'no';
    await queue.wake();
    expect(line.got).toEqual(['a', 'a']);
    expect([...line.facts]).toEqual(['a']);
    expect(states(queue)).toEqual(['a done']);
  });

  it('goes on past a refusal, which stays in sight until it is dealt with', async () => {
    const line = new Line();
    line.cut = 'before';
    const queue = await queueOf(line);
    await queue.send(work('a'));
    await queue.send(work('b'));
    line.refuses.add('a');
    line.cut = 'no';
    await queue.wake();
    expect(states(queue)).toEqual(['a refused', 'b done']);
    const [refused] = queue.snapshot();
    expect(refused?.problem).toMatchObject({ code: 'UNIT_ON_HOLD' });
    await queue.asItHappened(refused?.seq ?? 0);
    expect(states(queue)).toEqual(['a done', 'b done']);
    expect(line.got).toEqual(['b', 'a']);
  });

  it('keeps in sight what was stopped by a verdict, which has changed nothing', async () => {
    const line = new Line();
    line.cut = 'before';
    const queue = await queueOf(line);
    await queue.send(work('a'));
    line.stops.add('a');
    line.cut = 'no';
    await queue.wake();
    expect(queue.snapshot()).toMatchObject([{ state: 'refused', problem: { message: 'a expired' } }]);
    line.stops.clear();
    await queue.again(queue.snapshot()[0]?.seq ?? 0);
    expect(states(queue)).toEqual(['a done']);
  });

  it('discards with a reason, and sends it no more', async () => {
    const line = new Line();
    line.refuses.add('a');
    const queue = await queueOf(line);
    const { seq } = await queue.send(work('a'));
    await queue.discard(seq, 'scanned by mistake');
    await queue.wake();
    expect(queue.snapshot()).toMatchObject([{ state: 'discarded', reason: 'scanned by mistake' }]);
    expect(line.got).toEqual([]);
  });

  it('sends under the name of who did it alone', async () => {
    const line = new Line();
    line.cut = 'before';
    const queue = await queueOf(line);
    await queue.send(work('a'));
    line.cut = 'no';
    await queue.signedInAs('bob');
    expect(line.got).toEqual([]);
    await queue.signedInAs('ann');
    expect(line.got).toEqual(['a']);
  });

  it('does not send from two windows what one of them is sending, until that one is gone', async () => {
    const line = new Line();
    const store = new MemoryStore();
    const clock = { ms: 1 };
    let answer: (outcome: Outcome) => void = () => undefined;
    let asked: () => void = () => undefined;
    const underWay = new Promise<void>((resolve) => (asked = resolve));
    const slow = new WorkQueue(
      store,
      () =>
        new Promise<Outcome>((resolve) => {
          answer = resolve;
          asked();
        }),
      't1',
      () => undefined,
      () => clock.ms,
    );
    await slow.signedInAs('ann');
    open.push(slow);
    const sent = slow.send(work('a'));
    await underWay;
    const other = await queueOf(line, store, 't2', clock);
    await other.wake();
    expect(line.got).toEqual([]);
    // The first window died: nobody answers it any more.
    clock.ms += CLAIM_MS + 1;
    await other.wake();
    expect(line.got).toEqual(['a']);
    // Its answer comes late all the same, and changes nothing.
    answer({ problem: { status: 500, code: 'INTERNAL', message: 'late' } });
    expect(await sent).toMatchObject({ state: 'done' });
  });

  it('keeps the last of what was sent, not all of it', async () => {
    const line = new Line();
    const queue = await queueOf(line);
    for (let i = 0; i < DONE_MAX + 5; i++) await queue.send(work(`w${i}`));
    expect(queue.snapshot()).toHaveLength(DONE_MAX);
    expect(line.got).toHaveLength(DONE_MAX + 5);
  });
});

describe('what is never kept for later', () => {
  it.each([
    ['/holds/h1/release', {}],
    ['/holds/release', { holds: [] }],
    ['/dispositions/d1/approve', {}],
    ['/dispositions', {}],
    ['/events', { type: 'release', hold: 'h1' }],
    ['/events?check=live', [{ type: 'move' }, { type: 'void', event: 'e1' }]],
  ])('%s %j', (path, body) => {
    expect(mustBeOnline(path, body)).toBe(true);
  });

  it('holding is kept, like all other work', () => {
    expect(mustBeOnline('/holds', { reason: 'x' })).toBe(false);
    expect(mustBeOnline('/events', [{ type: 'hold' }])).toBe(false);
  });

  it('late entry says so where the server reads it: in the address of events, in the body of other work', () => {
    const body = { id: 'a' };
    expect(asRecord({ path: '/events?check=live', body })).toEqual({ path: '/events?check=record', body });
    expect(asRecord({ path: '/scraps', body })).toEqual({ path: '/scraps', body: { id: 'a', check: 'record' } });
  });
});
