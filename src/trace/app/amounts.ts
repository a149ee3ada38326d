/** Expected amounts of seed material at a ledger position, for the units that a trace reached (docs/AMOUNTS.md). */
import { setImmediate } from 'node:timers/promises';
import { foldHoldings, holdingMovements, installationsOf, itemsAt, linkParts, movementsOf, unitsByIds } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { exposedThrough, Interval, mix, MixingUnit, Seed, Stay, UNKNOWN_AMOUNT, UnitAmount } from '../engine';
import { ResolvedSeed, windowsOf } from '../domain/question';
import { MixingReader, UnclearMove } from './amounts-reader';
import { byUnit } from './stories';

export type { UnitAmount } from '../engine';

export interface AmountsAsked {
  /** ids of all units that the trace reached, seeds included */
  units: readonly number[];
  seeds: readonly ResolvedSeed[];
  exposureOf: (unitId: number) => readonly Interval[];
  signal?: AbortSignal | undefined;
  progress?: (done: number, total: number) => void;
}

/** Amounts by unit id. Steps of progress: a unit read, a unit mixed. */
export async function amountsOf(q: Queryable, position: number, asked: AmountsAsked): Promise<Map<number, UnitAmount>> {
  const { units, seeds, signal } = asked;
  const result = new Map<number, UnitAmount>();
  const dense = new Map(units.map((id, n) => [id, n]));
  const known = await knownUnits(q, position, units);
  const seedUnits = seeds.map((s): Seed => ({ unit: dense.get(s.unitId)!, windows: windowsOf(s) }));
  if (new Set(seedUnits.map((s) => known[s.unit]!.uom)).size !== 1) {
    // Pieces and kilograms do not add up.
    for (const id of units) result.set(id, UNKNOWN_AMOUNT);
    return result;
  }
  const total = units.length * 2;
  const reader = new MixingReader(known, dense);
  await reader.read(q, position, units, (done) => {
    signal?.throwIfAborted();
    asked.progress?.(done, total);
  });
  await settleUnclear(q, position, reader, units);
  await settleCorrections(q, position, reader, units, known);
  const exposureOf = (n: number): readonly Interval[] => asked.exposureOf(units[n]!);
  const exposed = Uint8Array.from(units, (_, n) => (exposureOf(n).length > 0 ? 1 : 0));
  const through = exposedThrough(await staysOf(q, position, units, exposed, dense), exposureOf);
  for (const [n, { run }] of known.entries()) if (run && exposed[n]) through.set(n, exposureOf(n));

  const plant = reader.build();
  const moved = Math.max(1, plant.moveUnit.length + plant.drawInput.length);
  const work = mix(plant, { seeds: seedUnits, exposed, through });
  let step = work.next();
  for (; !step.done; step = work.next()) {
    asked.progress?.(units.length + Math.floor((units.length * step.value) / moved), total);
    await setImmediate();
    signal?.throwIfAborted();
  }
  const mixture = step.value;
  for (const [n, id] of units.entries()) {
    if (n % AMOUNTS_A_TURN === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
    result.set(id, mixture.amountOf(n));
  }
  asked.progress?.(total, total);
  return result;
}

/** Amounts written as text before others have their turn on the event loop. */
const AMOUNTS_A_TURN = 20_000;

async function knownUnits(q: Queryable, position: number, ids: readonly number[]): Promise<MixingUnit[]> {
  const found = new Map((await unitsByIds(q, ids)).map((u) => [u.unitId, u]));
  const items = await itemsAt(q, position, [...new Set([...found.values()].map((u) => u.itemId))]);
  const uoms = [...new Set([...items.values()].map((i) => i.uom))];
  return ids.map((id) => {
    const { kind, itemId } = found.get(id)!;
    return { serial: kind === 'serial', run: kind === 'run', uom: uoms.indexOf(items.get(itemId)!.uom) };
  });
}

/** What exposed units were installed in. */
async function staysOf(
  q: Queryable,
  position: number,
  units: readonly number[],
  exposed: Uint8Array,
  dense: ReadonlyMap<number, number>,
): Promise<Stay[]> {
  const inputs = units.filter((_, n) => exposed[n] === 1);
  const stays: Stay[] = [];
  for (const link of await installationsOf(q, position, inputs)) {
    const output = dense.get(link.output);
    if (output === undefined) continue;
    const input = dense.get(link.input)!;
    for (const { from, until } of linkParts(link, undefined)) stays.push({ input, output, from, until });
  }
  return stays;
}

/**
 * Shipments, scrappings and returns without a quantity: of all that was there, where the lot was in one place only (came back
 * from one customer only); else how much it was is not known.
 */
async function settleUnclear(
  q: Queryable,
  position: number,
  reader: MixingReader,
  units: readonly number[],
): Promise<void> {
  const unclear = reader.unclear();
  if (unclear.length === 0) return;
  const ids = [...new Set(unclear.map((m) => units[m.unit]!))];
  const places = new Map<number, Set<number | null>>();
  const customers = new Map<number, Set<number | null>>();
  for (const m of await movementsOf(q, position, ids, { types: false })) {
    if (['made', 'moved-in', 'removed', 'returned'].includes(m.role)) addTo(places, m.unitId, m.placeId);
    // Where it was packed, unpacked or counted it was, if that was said.
    if (['packed', 'unpacked', 'counted', 'adjusted'].includes(m.role) && m.placeId !== null)
      addTo(places, m.unitId, m.placeId);
    if (m.role === 'shipped') addTo(customers, m.unitId, m.partnerId);
  }
  const one = (of: Map<number, Set<number | null>>, unit: number): boolean => (of.get(unit)?.size ?? 0) <= 1;
  const whole = (m: UnclearMove): boolean => one(m.returned ? customers : places, units[m.unit]!);
  for (const m of unclear) reader.settle(m, whole(m) ? 'all' : null);
}

/** What counts and adjustments changed: a count by its difference to what the movements before it come to. */
async function settleCorrections(
  q: Queryable,
  position: number,
  reader: MixingReader,
  units: readonly number[],
  known: readonly MixingUnit[],
): Promise<void> {
  const corrected = [...reader.corrected()];
  if (corrected.length === 0) return;
  const ids = corrected.map((n) => units[n]!);
  const movements = byUnit(await movementsOf(q, position, ids, { types: false }));
  for (const n of corrected) {
    const own = holdingMovements(movements.get(units[n]!) ?? []);
    const { corrections } = foldHoldings(own, known[n]!.serial ? 'serial' : 'lot');
    for (const { at, difference } of corrections) reader.correct(n, at, difference);
  }
}

function addTo(sets: Map<number, Set<number | null>>, key: number, value: number | null): void {
  const own = sets.get(key);
  if (own) own.add(value);
  else sets.set(key, new Set([value]));
}

/** True when a share is known to be strictly below the limit: exact decimals; what is unknown is never below. */
export function belowThreshold(peakShare: string | null, threshold: string): boolean {
  if (peakShare === null) return false;
  const decimals = Math.max(decimalsOf(peakShare), decimalsOf(threshold));
  return scaledTo(peakShare, decimals) < scaledTo(threshold, decimals);
}

const decimalsOf = (text: string): number => (text.includes('.') ? text.length - text.indexOf('.') - 1 : 0);

function scaledTo(text: string, decimals: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(decimals - decimalsOf(text)));
}
