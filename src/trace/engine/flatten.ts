/** A copy of a graph as it stands, without what has been patched: it stays the same when the graph is fed. */
import type { GenealogyGraph } from './types';
import type { ReachGraph } from './dispersion';

/** Units copied between two chances to do other work. */
const CHUNK_UNITS = 50_000;

/** Copies the links that walks need; yields between chunks. `unitsMin`: as many units at least. */
export function* flattened(graph: GenealogyGraph, unitsMin = 0): Generator<void, ReachGraph> {
  const unitCount = Math.max(unitsMin, graph.unitCount);
  const outOffset = new Int32Array(unitCount + 1);
  const { patch, outLink } = graph;
  const linksOf = (unit: number) => (patch?.changedOut[unit] === 1 ? patch.out(unit) : null);
  for (let u = 0; u < unitCount; u++) {
    if (u % CHUNK_UNITS === 0) yield;
    const count = u >= graph.unitCount ? 0 : (linksOf(u)?.length ?? graph.outOffset[u + 1]! - graph.outOffset[u]!);
    outOffset[u + 1] = outOffset[u]! + count;
  }
  const linkCount = outOffset[unitCount]!;
  const input = new Int32Array(linkCount);
  const output = new Int32Array(linkCount);
  const mode = new Uint8Array(linkCount);
  const from = new Float64Array(linkCount);
  const until = new Float64Array(linkCount);
  const inOffset = new Int32Array(unitCount + 1);
  for (let u = 0, n = 0; u < graph.unitCount; u++) {
    if (u % CHUNK_UNITS === 0) yield;
    const changed = linksOf(u);
    const list = changed ?? outLink;
    const end = changed ? changed.length : graph.outOffset[u + 1]!;
    for (let k = changed ? 0 : graph.outOffset[u]!; k < end; k++, n++) {
      const link = list === null ? k : list[k]!;
      input[n] = u;
      output[n] = graph.output[link]!;
      mode[n] = graph.mode[link]!;
      from[n] = graph.from[link]!;
      until[n] = graph.until[link]!;
      inOffset[output[n]! + 1]!++;
    }
  }
  for (let u = 0; u < unitCount; u++) inOffset[u + 1]! += inOffset[u]!;
  yield;
  const next = inOffset.slice(0, unitCount);
  const inLink = new Int32Array(linkCount);
  for (let n = 0; n < linkCount; n++) inLink[next[output[n]!]!++] = n;
  return { unitCount, input, output, mode, from, until, outOffset, outLink: null, inOffset, inLink };
}
