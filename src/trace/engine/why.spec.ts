import { CONSUME, EngineLink, GenealogyGraph, GraphBuilder, INSTALL, Interval, Question, why, whyNot } from '.';

const link = (input: number, output: number, from: number, until: number, more: Partial<EngineLink>): EngineLink => ({
  input,
  output,
  mode: CONSUME,
  certain: true,
  from,
  until,
  ...more,
});
const consume = (input: number, output: number, at: number, more: Partial<EngineLink> = {}): EngineLink =>
  link(input, output, at, at + 1, more);
const install = (input: number, output: number, from: number, until = Infinity, more: Partial<EngineLink> = {}) =>
  link(input, output, from, until, { mode: INSTALL, ...more });
const possible = { certain: false };

function graphOf(units: number, links: EngineLink[]): GenealogyGraph {
  const builder = new GraphBuilder(links.length);
  for (const l of links) builder.add(l);
  return builder.build(units);
}

const from = (unit: number, more: Partial<Question> = {}, windows: Interval[] = [[-Infinity, Infinity]]): Question => ({
  seeds: [{ unit, windows }],
  ...more,
});
const ends = (steps: readonly { input: number; output: number }[]) => steps.map((s) => [s.input, s.output]);
const during = (start: number, until: number): Partial<Question> => ({ at: { kind: 'period', from: start, until } });

describe('why', () => {
  it('gives the shortest chain, of those one over certain links, and the number of ways in', () => {
    // 0 → 1 → 3 and 0 → 2 → 3, and a direct link that is not true in time; two parts of one fact count once.
    const graph = graphOf(4, [
      consume(0, 1, 10, possible),
      consume(0, 2, 10),
      install(1, 3, 20, Infinity, possible),
      install(2, 3, 30, 40, { source: 77 }),
      install(2, 3, 40, Infinity, { source: 77, certain: false }),
      install(0, 3, 1, 2),
    ]);
    const question = from(0, {}, [[5, Infinity]]);
    const answer = why(graph, question, 'forward', 3)!;
    expect(answer).toMatchObject({ seed: 0, unit: 3, waysIn: 2, sure: null });
    expect(ends(answer.chain)).toEqual([
      [0, 2],
      [2, 3],
    ]);
    expect(answer.chain.map((s) => s.carried)).toEqual([[[10, Infinity]], [[30, 40]]]);
    expect(answer.surest!.steps).toBe(answer.chain);
    expect(why(graph, question, 'forward', 0)).toMatchObject({ seed: 0, chain: [], waysIn: 0 });
    expect(why(graph, from(3, {}, [[0, 5]]), 'backward', 1)).toBeNull();
  });

  it('names a longer chain where it is surer', () => {
    const graph = graphOf(4, [consume(0, 3, 10, possible), consume(0, 1, 5), consume(1, 2, 6), consume(2, 3, 20)]);
    const answer = why(graph, from(0), 'forward', 3)!;
    expect(ends(answer.chain)).toEqual([[0, 3]]);
    expect(ends(answer.surest!.steps)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(answer.sure).toBeNull();
  });

  it('holds the surest chain against the time asked: certain before it, possible at it', () => {
    const graph = graphOf(2, [install(0, 1, 10, 20), install(0, 1, 30, 40, possible)]);
    const answer = why(graph, from(0, during(35, 36)), 'forward', 1)!;
    expect(answer.chain.map((s) => s.link)).toEqual([1]);
    expect(answer.surest!.steps).toBe(answer.chain);
    expect(answer.sure).toEqual([[10, 20]]);
  });

  it('passes one installation twice where only that is true in time', () => {
    // Exposed at first only: what it is installed in flows back into it, and reaches the later moment that way.
    const graph = graphOf(2, [install(0, 1, 0, 10), consume(1, 0, 0)]);
    const answer = why(graph, from(0, during(5, 6), [[0, 1]]), 'forward', 1)!;
    expect(answer.chain).toHaveLength(1);
    expect(ends(answer.surest!.steps)).toEqual([
      [0, 1],
      [1, 0],
      [0, 1],
    ]);
  });
});

describe('whyNot', () => {
  it('names the draw that was before the exposure, the nearest in time', () => {
    // 0 tops 1 up at 100; 1 was drawn into 2 at 40 and into 3 at 90, and both went into 4.
    const links = [consume(0, 1, 100), consume(1, 2, 40), consume(1, 3, 90), consume(2, 4, 50), consume(3, 4, 95)];
    const answer = whyNot(graphOf(5, links), from(0), 'forward', 4, 'before-exposure')!;
    expect(ends(answer.chain)).toEqual([[0, 1]]);
    expect(answer).toMatchObject({ seed: 0, failed: 2, onwards: [4], exposed: [100, Infinity], asked: null });
  });

  it('names a draw after the exposure had ended', () => {
    const graph = graphOf(3, [install(0, 1, 10, 20), consume(1, 2, 25)]);
    const answer = whyNot(graph, from(0), 'forward', 2, 'before-exposure')!;
    expect(answer).toMatchObject({ failed: 1, exposed: [10, 20] });
  });

  it('names the link that came after the time asked', () => {
    const graph = graphOf(2, [consume(0, 1, 100)]);
    const answer = whyNot(graph, from(0, during(50, 60)), 'forward', 1, 'before-exposure')!;
    expect(answer).toMatchObject({ chain: [], failed: 0, exposed: [100, Infinity], asked: [50, 60] });
    expect(whyNot(graph, from(0, during(100, 101)), 'forward', 1, 'before-exposure')).toBeNull();
  });

  it('names the installation that ended, at whatever level, or the window', () => {
    const graph = graphOf(3, [install(0, 1, 10, 50), install(1, 2, 0)]);
    const question = from(0, during(60, 70));
    expect(whyNot(graph, question, 'forward', 2, 'removed')).toMatchObject({
      chain: [],
      failed: 0,
      onwards: [1],
      exposed: [10, 50],
      asked: [60, 70],
    });
    const narrow = from(0, during(60, 70), [[0, 30]]);
    expect(whyNot(graph, narrow, 'forward', 2, 'removed')).toMatchObject({ failed: null, exposed: [10, 30] });
  });

  it('says "now" where the end of time is asked', () => {
    const facts = {
      shipmentOffset: new Int32Array(3),
      shipmentFrom: new Float64Array(),
      shipmentUntil: new Float64Array(),
      inHouse: new Uint8Array(2),
    };
    const question = from(0, { at: { kind: 'shipment' }, facts });
    expect(whyNot(graphOf(2, [install(0, 1, 1, 2)]), question, 'forward', 1, 'removed')).toMatchObject({
      failed: 0,
      asked: [Infinity, Infinity],
    });
  });

  it('names the link that a barrier drops, on the way with the fewest of them', () => {
    const links = [consume(0, 1, 1), consume(1, 3, 2), consume(0, 2, 1), consume(2, 3, 2)];
    const dropped = Uint8Array.of(1, 1, 0, 1);
    const answer = whyNot(graphOf(4, links), from(0, { dropped }), 'forward', 3, 'barrier')!;
    expect(ends(answer.chain)).toEqual([[0, 2]]);
    expect(answer).toMatchObject({ failed: 3, failing: [3], onwards: [] });
  });

  it('names the first link that is only possible', () => {
    const graph = graphOf(3, [consume(0, 1, 1, possible), consume(1, 2, 2, possible)]);
    const question = from(0, { certainty: 'certain' });
    expect(whyNot(graph, question, 'forward', 2, 'only-possible')).toMatchObject({
      chain: [],
      failed: 0,
      failing: [0, 1],
      onwards: [1],
    });
  });

  it('goes backward too: drawn after the day that matters', () => {
    const graph = graphOf(3, [consume(0, 1, 1), consume(1, 2, 50)]);
    const question = from(2, {}, [[10, 20]]);
    const answer = whyNot(graph, question, 'backward', 0, 'before-exposure')!;
    expect(answer).toMatchObject({ seed: 2, chain: [], failed: 1, onwards: [0], exposed: [10, 20] });
  });
});
