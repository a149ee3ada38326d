/** The summary graphs of an answer: by item, by lot, and of single units nearest to the seeds. */
import { GRAPH_KINDS, GRAPH_NODES_MAX, GraphKind, GraphSummary, SummaryGraph } from '../domain/summary-graph';
import { CarriedLinks, holdingsOf, QUANTITY_UNKNOWN, TraceAnswer, UNIT_KINDS } from './answer';
import { quantityNow } from './quantity-now';

export function graphsOf(answer: TraceAnswer, links: CarriedLinks): Record<GraphKind, SummaryGraph> {
  const summaries = GRAPH_KINDS.map((by) => new GraphSummary(by));
  const single = nearest(answer, GRAPH_NODES_MAX);
  for (let row = 0; row < answer.affectedCount; row++) {
    const item = answer.items.get(answer.itemId[row]!)!;
    const kind = UNIT_KINDS[answer.kind[row]!]!;
    const unit = {
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
    for (const [i, summary] of summaries.entries())
      if (GRAPH_KINDS[i] !== 'unit' || single.has(row)) summary.addUnit(row, unit);
  }
  links.visit((input, output, quantity, repeated) => {
    const known = quantity === QUANTITY_UNKNOWN ? null : quantity;
    for (const summary of summaries) summary.addLink(input, output, known, repeated);
  });
  const [item, lot, unit] = summaries.map((s, i) =>
    s.build(GRAPH_NODES_MAX, GRAPH_KINDS[i] === 'unit' ? answer.affectedCount : undefined),
  ) as [SummaryGraph, SummaryGraph, SummaryGraph];
  return { item, lot, unit };
}

/** The affected rows nearest to the seeds: a graph of single units shows those, and no object is made for all others. */
function nearest(answer: TraceAnswer, max: number): Set<number> {
  const byDepth: number[][] = [];
  for (let row = 0; row < answer.affectedCount; row++) {
    const level = (byDepth[answer.depth[row]!] ??= []);
    if (level.length < max) level.push(row);
  }
  return new Set(byDepth.flat().slice(0, max));
}
