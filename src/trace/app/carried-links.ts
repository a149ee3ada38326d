import { parseDecimal } from '@/kernel';
import { AFFECTED, CONSUME, GenealogyGraph, OutLinks, TraceRows } from '../engine';
import { CarriedLinks, QUANTITY_UNKNOWN } from './answer';
import { SERIAL, UnitColumns } from './unit-columns';

const ONE = parseDecimal('1');

/** The links that bring exposure from one affected unit to another, as the summary graph reads them. */
export function carriedLinks(
  graph: GenealogyGraph,
  columns: UnitColumns,
  rows: TraceRows,
  place: Int32Array,
  dropped: Uint8Array | undefined,
  backward: boolean,
): CarriedLinks {
  return {
    visit(link) {
      const out = new OutLinks(graph);
      for (let input = 0; input < rows.length; input++) {
        if (rows.verdict[input] !== AFFECTED) continue;
        out.of(rows.unit[input]!);
        const twice = repeatedEvents(graph, out);
        let last = -1;
        for (let i = 0; i < out.count; i++) {
          const k = out.link(i);
          const source = graph.source[k]!;
          if (source === last || dropped?.[k]) continue;
          const output = rows.rowOf(graph.output[k]!);
          if (output < 0 || output === input || rows.verdict[output] !== AFFECTED) continue;
          if (!carries(graph, k, rows, backward ? output : input, backward)) continue;
          // The certain and the possible part of one link stand side by side, and count once.
          last = source;
          const known = graph.quantity![k]!;
          const one = columns.kind[input] === SERIAL ? ONE : QUANTITY_UNKNOWN;
          const event = graph.event![k]!;
          const repeated = twice?.has(event) ? `${event} ${input} ${known}` : undefined;
          link(place[input]!, place[output]!, known === QUANTITY_UNKNOWN ? one : known, repeated);
        }
      }
    },
  };
}

/** Events with more than one link out of a unit: a row of inputs goes into each of several outputs. */
function repeatedEvents(graph: GenealogyGraph, out: OutLinks): Set<number> | undefined {
  if (out.count < 2) return undefined;
  const events = new Float64Array(out.count);
  for (let i = 0; i < out.count; i++) events[i] = graph.event![out.link(i)]!;
  events.sort();
  let twice: Set<number> | undefined;
  for (let i = 1; i < events.length; i++) if (events[i] === events[i - 1]) (twice ??= new Set()).add(events[i]!);
  return twice;
}

/** True when the link passes on some of the exposure of the unit near the seeds. */
function carries(graph: GenealogyGraph, link: number, rows: TraceRows, near: number, backward: boolean): boolean {
  const [lo, hi, several] = rows.bounds(near);
  const from = graph.from[link]!;
  if (backward && graph.mode[link] === CONSUME) return lo < hi && from < hi;
  const until = graph.until[link]!;
  if (lo >= until || hi <= from) return false;
  return !several || rows.exposure(near).some(([a, b]) => a < until && from < b);
}
