import {
  AFFECTED,
  finish,
  walkFrom,
  WalkMemory,
  CONSUME,
  EngineLink,
  GraphBuilder,
  INSTALL,
  Question,
  REASONS,
  traceBackward,
  traceForward,
  traceForwardAsync,
  TraceRows,
  why,
} from '.';

const EVER: [number, number][] = [[-Infinity, Infinity]];
const consume = (input: number, output: number, at: number, more: Partial<EngineLink> = {}): EngineLink => ({
  input,
  output,
  mode: CONSUME,
  certain: true,
  from: at,
  until: at + 1,
  ...more,
});
const install = (
  input: number,
  output: number,
  from: number,
  until = Infinity,
  more: Partial<EngineLink> = {},
): EngineLink => ({
  input,
  output,
  mode: INSTALL,
  certain: true,
  from,
  until,
  ...more,
});

function graphOf(unitCount: number, links: EngineLink[]) {
  const builder = new GraphBuilder();
  for (const l of links) builder.add(l);
  return builder.build(unitCount);
}

function verdictOf(rows: TraceRows, unit: number): string {
  const verdict = rows.verdict[rows.rowOf(unit)]!;
  return verdict === AFFECTED ? 'affected' : REASONS[verdict - 1]!;
}

const from = (unit: number, more: Partial<Question> = {}): Question => ({ seeds: [{ unit, windows: EVER }], ...more });

describe('a trace', () => {
  it('leaves out what was drawn from the tank before the bad top-up', () => {
    const [bad, tank, early, late] = [0, 1, 2, 3];
    const graph = graphOf(4, [consume(bad, tank, 100), consume(tank, early, 50), consume(tank, late, 100)]);
    const rows = traceForward(graph, from(bad));
    expect(verdictOf(rows, early)).toBe('before-exposure');
    // A draw in the millisecond of the top-up has it.
    expect(rows.exposure(rows.rowOf(late))).toEqual([[100, Infinity]]);
    expect([rows.affectedCount, rows.length]).toEqual([3, 4]);
  });

  it('finds a swapped battery in both bikes, each with its dates, and neither at the wrong moment', () => {
    const [battery, first, second] = [0, 1, 2];
    const graph = graphOf(3, [install(battery, first, 10, 20), install(battery, second, 30)]);
    const ever = traceForward(graph, from(battery));
    expect(ever.exposure(ever.rowOf(first))).toEqual([[10, 20]]);
    expect(ever.exposure(ever.rowOf(second))).toEqual([[30, Infinity]]);
    const facts = {
      shipmentOffset: Int32Array.of(0, 0, 1, 1),
      shipmentFrom: Float64Array.of(25),
      shipmentUntil: Float64Array.of(26),
      inHouse: Uint8Array.of(1, 0, 1),
    };
    const shipped = traceForward(graph, from(battery, { at: { kind: 'shipment' }, facts }));
    expect(verdictOf(shipped, first)).toBe('removed');
    expect(verdictOf(shipped, second)).toBe('affected');
    expect(verdictOf(traceForward(graph, from(battery, { at: { kind: 'period', from: 5, until: 6 } })), first)).toBe(
      'before-exposure',
    );
  });

  it('tells certain from possible, and says so when only certain units were asked for', () => {
    const graph = graphOf(3, [install(0, 1, 5, Infinity, { certain: false }), consume(1, 2, 9)]);
    const both = traceForward(graph, from(0));
    expect([both.affectedCount, both.certainCount]).toEqual([3, 1]);
    const certain = traceForward(graph, from(0, { certainty: 'certain' }));
    expect([verdictOf(certain, 0), verdictOf(certain, 2)]).toEqual(['affected', 'only-possible']);
  });

  it('flags what is in only because a day was read wide', () => {
    const day = { from: 0, until: 100, sureFrom: 99 };
    // Lot 0 into 1 and 1 into 2 on the same day: whether 2 was drawn after 1 was filled is not recorded.
    const graph = graphOf(4, [consume(0, 1, 0, day), consume(1, 2, 0, day), consume(1, 3, 150)]);
    const rows = traceForward(graph, from(0));
    expect([0, 1, 2, 3].map((u) => rows.coarse[rows.rowOf(u)])).toEqual([0, 0, 1, 0]);
    expect(rows.affectedCount).toBe(4);
    const back = traceBackward(graph, from(2));
    expect([0, 1, 2].map((u) => back.coarse[back.rowOf(u)])).toEqual([1, 0, 0]);
  });

  it('goes round a cycle of rework, and ignores a lot that is its own input', () => {
    const graph = graphOf(3, [consume(0, 1, 10), consume(1, 2, 20), consume(2, 1, 30), consume(1, 1, 5)]);
    const rows = traceForward(graph, { seeds: [{ unit: 1, windows: [[0, 8]] }] });
    // Unit 1 was bad in [0, 8) alone; nothing was drawn from it then.
    expect(rows.affectedCount).toBe(1);
    const later = traceForward(graph, { seeds: [{ unit: 1, windows: [[0, 21]] }] });
    expect(later.exposure(later.rowOf(1))).toEqual([
      [0, 21],
      [30, Infinity],
    ]);
  });

  it('walks a chain of 200,000 links without recursion, and explains its end', () => {
    const count = 200_001;
    const builder = new GraphBuilder(count);
    for (let i = 1; i < count; i++) builder.add(consume(i - 1, i, i));
    const graph = builder.build(count);
    const rows = traceForward(graph, from(0));
    expect(rows.depth[rows.rowOf(count - 1)]).toBe(count - 1);
    expect(traceBackward(graph, from(count - 1)).affectedCount).toBe(count);
    expect(why(graph, from(0), 'forward', count - 1)!.chain).toHaveLength(count - 1);
  });

  it('walks 400,000 units and 600,000 links in well under the time of a breath', () => {
    const units = 400_000;
    const builder = new GraphBuilder(600_000);
    let state = 12345;
    const random = (below: number): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    for (let i = 1; i < units; i++) builder.add(consume(Math.max(0, i - 1 - random(2000)), i, i));
    for (let i = 0; i < 200_000; i++) {
      const input = random(units - 1);
      builder.add(
        install(input, input + 1 + random(units - input - 1), input, i % 3 ? Infinity : input + units, {
          certain: i % 50 > 0,
        }),
      );
    }
    const graph = builder.build(units);
    const started = performance.now();
    const rows = traceForward(graph, from(0));
    const took = performance.now() - started;
    expect(rows.affectedCount).toBe(units);
    // Measured 0.35 s on two busy cores; the bound only catches a change of kind.
    expect(took).toBeLessThan(5_000);
  });

  it('keeps many separate intervals apart', () => {
    const builder = new GraphBuilder();
    for (let i = 0; i < 5_000; i++) builder.add(install(0, 1, i * 10, i * 10 + 5));
    builder.add(consume(1, 2, 47));
    builder.add(consume(1, 3, 42));
    const rows = traceForward(builder.build(4), from(0));
    expect(rows.exposure(rows.rowOf(1))).toHaveLength(5_000);
    expect(rows.exposure(rows.rowOf(1))[4_999]).toEqual([49_990, 49_995]);
    expect([verdictOf(rows, 2), verdictOf(rows, 3)]).toEqual(['before-exposure', 'affected']);
  });

  it('leaves nothing behind in memory that the next one uses, even when it was stopped midway', () => {
    const links = Array.from({ length: 300_000 }, (_, n) => consume(n < 150_000 ? 0 : n - 150_000, n + 1, 100 + n));
    const graph = graphOf(300_001, links);
    const seeds = [{ unit: 0, windows: EVER }];
    const memory = new WalkMemory(graph.unitCount);
    const stopped = walkFrom(graph, seeds, false, memory);
    expect(stopped.next().done).toBe(false);
    for (const again of [1, 2]) {
      const walked = finish(walkFrom(graph, seeds, false, memory), {});
      expect([again, walked.field.units.length]).toEqual([again, 300_001]);
      memory.clear(walked.field);
    }
  });

  it('reports progress and stops when it is told to', async () => {
    const builder = new GraphBuilder();
    for (let i = 1; i < 300_000; i++) builder.add(consume(i - 1, i, i));
    const graph = builder.build(300_000);
    const stages = new Set<string>();
    const whole = await traceForwardAsync(graph, from(0), { onProgress: ({ stage }) => stages.add(stage) });
    expect(whole.affectedCount).toBe(300_000);
    expect([...stages]).toEqual(['exposure']);
    const controller = new AbortController();
    const stopped = traceForwardAsync(graph, from(0), {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('cancelled by its owner')),
    });
    await expect(stopped).rejects.toThrow('cancelled by its owner');
  });

  it('refuses what belongs to forward traces alone, and links that cover no time', () => {
    const graph = graphOf(2, [consume(0, 1, 1)]);
    expect(() => traceBackward(graph, from(1, { at: { kind: 'shipment' } }))).toThrow(RangeError);
    expect(() => graphOf(2, [install(0, 1, 5, 5)])).toThrow(RangeError);
    expect(() => graphOf(1, [consume(0, 1, 1)])).toThrow(RangeError);
  });
});
