import { unitsWithLongTimes } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { AFFECTED, CONSUME, GenealogyGraph, OutLinks, REASONS, TraceRows } from '../engine';
import { belowThreshold, UnitAmount } from './amounts';
import type { UnitColumns } from './unit-columns';

/**
 * Leaves out what surely holds less of the suspect than the user's limit. Kept are unknown amounts and possible units, and
 * whatever has an expected amount that the record does not bound: where a link that is only possible, or a time known only by
 * its day, lies on the way of the material, it may all be in there.
 */
export async function leaveOutBelow(
  q: Queryable,
  position: number,
  graph: GenealogyGraph,
  rows: TraceRows,
  columns: UnitColumns,
  amounts: ReadonlyMap<number, UnitAmount>,
  thresholdShare: string,
): Promise<TraceRows> {
  const unbounded = await unboundedRows(q, position, graph, rows, columns);
  const below = 1 + REASONS.indexOf('below-threshold');
  let dropped = 0;
  for (let row = 0; row < rows.length; row++) {
    if (rows.verdict[row] !== AFFECTED || !rows.certain[row] || unbounded[row]) continue;
    if (!belowThreshold(amounts.get(columns.unitId[row]!)!.peakShare, thresholdShare)) continue;
    rows.verdict[row] = below;
    rows.certain[row] = 0;
    rows.coarse[row] = 0;
    dropped++;
  }
  return { ...rows, affectedCount: rows.affectedCount - dropped, certainCount: rows.certainCount - dropped };
}

/** One byte a row, 1 where an expected amount is no bound: of its own accord, or because something unbounded went in. */
async function unboundedRows(
  q: Queryable,
  position: number,
  graph: GenealogyGraph,
  rows: TraceRows,
  columns: UnitColumns,
): Promise<Uint8Array> {
  const unbounded = new Uint8Array(rows.length);
  const open: number[] = [];
  const mark = (row: number): void => {
    if (row < 0 || unbounded[row] || rows.verdict[row] !== AFFECTED) return;
    unbounded[row] = 1;
    open.push(row);
  };
  const long = await unitsWithLongTimes(q, position, Array.from(columns.unitId));
  const out = new OutLinks(graph);
  for (let row = 0; row < rows.length; row++) {
    if (rows.verdict[row] !== AFFECTED) continue;
    // What was asked about as a whole is seed material all the time: when it came does not matter.
    const [from, until] = rows.bounds(row);
    const whole = rows.depth[row] === 0 && from === -Infinity && until === Infinity;
    if (!whole && long.has(columns.unitId[row]!)) mark(row);
    out.of(rows.unit[row]!);
    for (let i = 0; i < out.count; i++) {
      const link = out.link(i);
      const isLong = graph.mode[link] === CONSUME && graph.until[link]! > graph.from[link]! + 1;
      if (!graph.certain[link] || isLong) mark(rows.rowOf(graph.output[link]!));
    }
  }
  for (let at = 0; at < open.length; at++) {
    out.of(rows.unit[open[at]!]!);
    for (let i = 0; i < out.count; i++) mark(rows.rowOf(graph.output[out.link(i)]!));
  }
  return unbounded;
}
