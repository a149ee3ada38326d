import { cutGraph, GraphSummary, GraphUnit } from './summary-graph';

const unit = (unitId: number, item: string, more: Partial<GraphUnit> = {}): GraphUnit => ({
  unitId,
  item,
  name: item,
  uom: 'kg',
  kind: 'lot',
  code: `L${unitId}`,
  certain: true,
  depth: 1,
  seed: false,
  quantity: 10n ** 9n,
  ...more,
});

describe('GraphSummary', () => {
  it('sums units and quantities by item; a quantity with an unknown part is unknown', () => {
    const graph = new GraphSummary('item');
    graph.addUnit(0, unit(1, 'RM', { seed: true, depth: 0 }));
    graph.addUnit(1, unit(2, 'FG'));
    graph.addUnit(2, unit(3, 'FG', { certain: false, depth: 2, quantity: null }));
    graph.addLink(0, 1, 2n * 10n ** 9n);
    graph.addLink(0, 2, 3n * 10n ** 9n);
    graph.addLink(1, 2, null);
    const built = graph.build(10);
    expect(built.nodes).toMatchObject([
      { id: 'RM', seed: true, level: 0, units: 1, quantity: { value: '1', uom: 'kg' } },
      { id: 'FG', seed: false, level: 1, units: 2, certain: 1, possible: 1, quantity: null },
    ]);
    expect(built.edges).toEqual([
      { from: 'RM', to: 'FG', links: 2, quantity: { value: '5', uom: 'kg' } },
      { from: 'FG', to: 'FG', links: 1, quantity: null },
    ]);
  });

  it('counts a row of inputs once an edge, however many outputs it is in; equal rows of one event are as many rows', () => {
    const graph = new GraphSummary('item');
    graph.addUnit(0, unit(1, 'RM'));
    for (const row of [1, 2]) graph.addUnit(row, unit(row + 1, 'FG'));
    for (const output of [1, 2]) graph.addLink(0, output, 4n * 10n ** 9n, 'pair');
    for (const output of [1, 1, 2, 2]) graph.addLink(0, output, 10n ** 9n, 'twice');
    graph.addLink(0, 1, 10n ** 9n);
    expect(graph.build(10).edges).toEqual([{ from: 'RM', to: 'FG', links: 7, quantity: { value: '7', uom: 'kg' } }]);
  });

  it('by lot shows each lot, and serials by their item', () => {
    const graph = new GraphSummary('lot');
    graph.addUnit(0, unit(1, 'RM'));
    graph.addUnit(1, unit(2, 'RM'));
    graph.addUnit(2, unit(3, 'BIKE', { kind: 'serial' }));
    graph.addUnit(3, unit(4, 'BIKE', { kind: 'serial' }));
    expect(graph.build(10).nodes.map((n) => n.id)).toEqual(['BIKE', 'u1', 'u2']);
  });

  it('says how many nodes it leaves out, and drops their edges', () => {
    const graph = new GraphSummary('unit');
    for (let n = 0; n < 4; n++) graph.addUnit(n, unit(n, 'RM', { depth: n, seed: n === 0 }));
    for (let n = 0; n < 3; n++) graph.addLink(n, n + 1, null);
    const cut = graph.build(2, 4);
    expect(cut).toMatchObject({ shown: { nodes: 2, of: 4 }, edges: [{ from: 'u0', to: 'u1' }] });
    expect(cutGraph(graph.build(4), 1)).toMatchObject({ shown: { nodes: 1, of: 4 }, edges: [] });
  });
});
