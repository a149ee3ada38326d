import { barrierLinks, CONSUME, EngineLink, GraphBuilder, INSTALL } from '.';

const link = (input: number, output: number, mode: EngineLink['mode'], from: number, until: number): EngineLink => ({
  input,
  output,
  mode,
  certain: true,
  from,
  until,
});

/** Unit 1 is inspected; 0 goes into it in [10, 11). Inspections as [from, until, passed]. */
function dropped(
  inspections: [number, number, number][],
  more: EngineLink[] = [],
  shipped: number[] = [],
  first = link(0, 1, CONSUME, 10, 11),
) {
  const builder = new GraphBuilder();
  for (const l of [first, ...more]) builder.add(l);
  const facts = {
    inspections: {
      offset: Int32Array.of(0, 0, inspections.length, inspections.length),
      from: Float64Array.from(inspections, (i) => i[0]),
      until: Float64Array.from(inspections, (i) => i[1]),
      passed: Uint8Array.from(inspections, (i) => i[2]),
    },
    shipments: {
      offset: Int32Array.of(0, 0, shipped.length, shipped.length),
      from: Float64Array.from(shipped),
      until: Float64Array.from(shipped, (t) => t + 1),
    },
  };
  return barrierLinks(builder.build(3), facts)[0] === 1;
}

describe('a barrier at an inspection', () => {
  it('drops what came in before the unit passed', () => expect(dropped([[20, 21, 1]])).toBe(true));
  it('keeps what came in after', () => expect(dropped([[5, 6, 1]])).toBe(false));
  it('keeps it when the unit failed at or after that pass', () => {
    expect(
      dropped([
        [20, 21, 1],
        [30, 31, 0],
      ]),
    ).toBe(false);
    expect(
      dropped([
        [15, 16, 0],
        [20, 21, 1],
      ]),
    ).toBe(true);
    expect(
      dropped([
        [20, 21, 1],
        [30, 31, 0],
        [40, 41, 1],
      ]),
    ).toBe(true);
  });
  it('keeps it when the unit was used, installed elsewhere or shipped between', () => {
    expect(dropped([[20, 21, 1]], [link(1, 2, CONSUME, 15, 16)])).toBe(false);
    expect(dropped([[20, 21, 1]], [link(1, 2, INSTALL, 15, 18)])).toBe(false);
    expect(dropped([[20, 21, 1]], [], [15])).toBe(false);
    expect(dropped([[20, 21, 1]], [link(1, 2, CONSUME, 25, 26)], [30])).toBe(true);
  });
  it('never drops what is still installed', () => {
    expect(dropped([[20, 21, 1]], [], [], link(0, 1, INSTALL, 10, Infinity))).toBe(false);
    expect(dropped([[20, 21, 1]], [], [], link(0, 1, INSTALL, 10, 15))).toBe(true);
  });
  it('keeps it when a failure may have come after the pass', () => {
    expect(
      dropped([
        [20, 21, 1],
        [20, 21, 0],
      ]),
    ).toBe(false);
    expect(
      dropped([
        [20, 21, 1],
        [15, 30, 0],
      ]),
    ).toBe(false);
    expect(
      dropped([
        [20, 21, 1],
        [15, 20, 0],
      ]),
    ).toBe(true);
  });
  it('keeps it when a day only says that the pass may have come later', () => {
    expect(dropped([[8, 30, 1]])).toBe(false);
    expect(dropped([[11, 30, 1]])).toBe(true);
  });
});

it('a barrier at an item drops every link into its units', () => {
  const builder = new GraphBuilder();
  builder.add(link(0, 1, CONSUME, 1, 2));
  builder.add(link(1, 2, INSTALL, 3, Infinity));
  expect([...barrierLinks(builder.build(3), { barred: Uint8Array.of(0, 0, 1) })]).toEqual([0, 1]);
});
