/** The summary graphs of an answer: by item, by lot, and of single units. */
import { GRAPH_NODES_MAX, GraphKind, GraphSummary, GraphUnit, Group, SummaryGraph } from '../domain/summary-graph';
import { CarriedLinks, holdingsOf, QUANTITY_UNKNOWN, STATES, TraceAnswer, UNIT_KINDS } from './answer';
import { quantityNow } from './quantity-now';

const SERIAL = UNIT_KINDS.indexOf('serial');
const LOT = UNIT_KINDS.indexOf('lot');
const SCRAPPED = STATES.indexOf('scrapped');
const USED = STATES.indexOf('used');
/** one piece, in nanos */
const ONE_NANOS = 1_000_000_000;

export function graphsOf(answer: TraceAnswer, links: CarriedLinks): Record<GraphKind, SummaryGraph> {
  const summaries = {
    item: new GraphSummary('item', answer.affectedCount),
    lot: new GraphSummary('lot', answer.affectedCount),
    unit: new GraphSummary('unit', answer.affectedCount),
  };
  const { itemId, kind, certain, depth, quantity, state, holdings } = answer;
  const halves = new Int32Array(quantity.buffer, quantity.byteOffset, quantity.length * 2);
  // A graph shows so many nodes: of lots and units that are a node each, those nearest to the seeds are looked at.
  const lotsShown = nearest(answer, (row) => kind[row] === LOT);
  const unitsShown = nearest(answer, () => true);
  let lots = 0;
  // Rows of one item follow each other, and its pieces are one node.
  let [lastItem, itemGroup, pieces] = [-1, undefined as Group | undefined, undefined as Group | undefined];
  for (let row = 0; row < answer.affectedCount; row++) {
    if (itemId[row] !== lastItem) {
      lastItem = itemId[row]!;
      itemGroup = summaries.item.groupOf(unitOf(answer, row));
      pieces = undefined;
    }
    const isLot = kind[row] === LOT;
    if (isLot) lots++;
    const plain =
      kind[row] === SERIAL &&
      halves[2 * row] === ONE_NANOS &&
      halves[2 * row + 1] === 0 &&
      state[row] !== SCRAPPED &&
      state[row] !== USED &&
      !(holdings.size > 0 && holdings.has(row));
    if (plain) {
      pieces ??= summaries.lot.groupOf(unitOf(answer, row));
      summaries.item.putOne(row, itemGroup!, certain[row] === 1, depth[row]!);
      summaries.lot.putOne(row, pieces, certain[row] === 1, depth[row]!);
    } else {
      const unit = unitOf(answer, row);
      summaries.item.put(row, itemGroup!, unit);
      if (!isLot || lotsShown.has(row)) summaries.lot.addUnit(row, unit);
    }
    if (unitsShown.has(row)) summaries.unit.addUnit(row, unitOf(answer, row));
  }
  const { item, lot, unit } = summaries;
  links.visit((input, output, nanos, repeated) => {
    const known = nanos === QUANTITY_UNKNOWN ? null : nanos;
    item.addLink(input, output, known, repeated);
    lot.addLink(input, output, known, repeated);
    unit.addLink(input, output, known, repeated);
  });
  return {
    item: item.build(GRAPH_NODES_MAX),
    lot: lot.build(GRAPH_NODES_MAX, lot.nodes + lots - lotsShown.size),
    unit: unit.build(GRAPH_NODES_MAX, answer.affectedCount),
  };
}

function unitOf(answer: TraceAnswer, row: number): GraphUnit {
  const item = answer.items.get(answer.itemId[row]!)!;
  const kind = UNIT_KINDS[answer.kind[row]!]!;
  return {
    unitId: answer.unitId[row]!,
    item: item.code,
    name: item.name,
    uom: item.uom,
    kind,
    code: answer.code[row]!,
    certain: answer.certain[row] === 1,
    depth: answer.depth[row]!,
    seed: answer.depth[row] === 0,
    quantity: quantityNow(kind, holdingsOf(answer, row)),
  };
}

/** The affected rows of a kind that are nearest to the seeds: no object is made for all others. */
function nearest(answer: TraceAnswer, isOne: (row: number) => boolean): Set<number> {
  const byDepth: number[][] = [];
  for (let row = 0; row < answer.affectedCount; row++) {
    if (!isOne(row)) continue;
    const level = (byDepth[answer.depth[row]!] ??= []);
    if (level.length < GRAPH_NODES_MAX) level.push(row);
  }
  return new Set(byDepth.flat().slice(0, GRAPH_NODES_MAX));
}
