/** Whether a scanned component may go into a build, and which line it fills. Pure: what is known comes in, the judgement goes out. */
import { DomainError, formatDecimal, formatTime, parseDecimal } from '@/kernel';
import type { BuildLine } from './bom-lines';

export const ONE = parseDecimal('1');

/** A part that is in the build already; quantity in nanos, null: as much as the line needs (a run). */
export interface TakenPart {
  unitId: number;
  itemId: number;
  line: number | null;
  position: string | null;
  quantity: bigint | null;
}

export interface Candidate {
  unitId: number;
  itemId: number;
  item: string;
  kind: 'serial' | 'lot';
  label: string;
  uom: string;
  /** where some of it is in stock; a quantity of null is not known */
  stock: { placeId: number | null; quantity: bigint | null }[];
  /** its state in words where none is in stock */
  otherwise: string;
  /** what it is installed in */
  parent: string | null;
  hold: string | null;
  expiresMs: number | null;
  revision: string | null;
  /** revisions in force; none where its item has no BOM */
  inForce: string[];
  /** the open build that has the piece */
  taken: { build: string; order: string; parent: string } | null;
  /** what open builds have taken of the lot */
  takenQuantity: bigint;
}

export interface Asked {
  line: number | undefined;
  position: string | undefined;
  /** nanos */
  quantity: bigint | undefined;
  /** codes that a person has confirmed */
  accept: readonly string[];
  /** where the build stands, and all below it; null: anywhere */
  here: { code: string; within: ReadonlySet<number>; codes: ReadonlyMap<number, string> } | null;
  nowMs: number;
}

export interface Fill {
  line: BuildLine;
  quantity: bigint;
  position: string | null;
  /** the component of the line that it stands for, where it is an approved substitute */
  substituteFor: string | null;
}

export interface LineState extends BuildLine {
  filled: bigint;
  open: bigint;
}

/** How far each line is filled. Untracked components have no units: their lines are never open. */
export function lineStates(
  lines: readonly BuildLine[],
  parts: readonly TakenPart[],
  loaded: ReadonlySet<number> = new Set(),
): LineState[] {
  return lines.map((line) => {
    const needed = parseDecimal(line.needed);
    const own = parts.filter((part) => part.line === line.line);
    const byRun = own.some((part) => part.quantity === null) || takes(line).some((itemId) => loaded.has(itemId));
    const filled = byRun ? needed : own.reduce((sum, part) => sum + part.quantity!, 0n);
    const open = line.tracking === 'none' || filled >= needed ? 0n : needed - filled;
    return { ...line, filled, open };
  });
}

/** The items that a line takes, its own first. */
export function takes(line: BuildLine): number[] {
  return [line.itemId, ...line.substitutes.map((s) => s.itemId)];
}

/** What is open, in words: `2 pcs of BAT-48 (SEAT)`. */
export function openInWords(states: readonly LineState[]): string {
  const open = states.filter((s) => s.open > 0n);
  if (open.length === 0) return 'nothing';
  return open
    .map((s) => `${formatDecimal(s.open)} ${s.uom} of ${s.item}${s.position ? ` (${s.position})` : ''}`)
    .join(', ');
}

/** Throws what stands against it, the gravest first: what it is, where else it is, whether it may, whether it is enough. */
export function judge(
  parentItem: string,
  states: readonly LineState[],
  parts: readonly TakenPart[],
  candidate: Candidate,
  asked: Asked,
): Fill {
  const line = lineFor(parentItem, states, parts, candidate, asked);
  const { label: unit, kind } = candidate;
  if (kind === 'serial' && parts.some((part) => part.unitId === candidate.unitId))
    throw new DomainError('PART_SCANNED_TWICE', { unit });
  if (kind === 'serial' && candidate.taken) throw new DomainError('PART_RESERVED', { unit, ...candidate.taken });
  mayBeUsed(candidate, asked);
  const { inForce, revision } = candidate;
  if (revision !== null && inForce.length > 0 && !inForce.includes(revision) && !asked.accept.includes('PART_REVISION'))
    throw new DomainError('PART_REVISION', { unit, actual: revision, expected: inForce.join(' or ') });
  const quantity = enough(line, candidate, asked);
  return {
    line,
    quantity,
    position: asked.position ?? nextPosition(line, parts),
    substituteFor: line.itemId === candidate.itemId ? null : line.item,
  };
}

function lineFor(
  parent: string,
  states: readonly LineState[],
  parts: readonly TakenPart[],
  candidate: Candidate,
  asked: Asked,
): LineState {
  const wanted = states.filter(
    (s) =>
      (asked.line === undefined || s.line === asked.line) &&
      (asked.position === undefined || (s.position !== null && positions(s).includes(asked.position))),
  );
  const open = wanted.filter((s) => s.open > 0n);
  // The line that names the item itself comes before one that takes it as a substitute.
  const line =
    open.find((s) => s.itemId === candidate.itemId) ??
    open.find((s) => s.substitutes.some((sub) => sub.itemId === candidate.itemId));
  if (line) return line;
  const { label: unit, item } = candidate;
  if (parts.some((part) => part.unitId === candidate.unitId)) throw new DomainError('PART_SCANNED_TWICE', { unit });
  const known = states.some((s) => takes(s).includes(candidate.itemId));
  throw new DomainError(known ? 'LINE_FILLED' : 'PART_NOT_ON_BOM', { item, parent, open: openInWords(states) });
}

function mayBeUsed(candidate: Candidate, asked: Asked): void {
  const { label: unit, hold, expiresMs, parent, stock, otherwise } = candidate;
  if (hold !== null) throw new DomainError('UNIT_ON_HOLD', { unit, reason: hold });
  if (expiresMs !== null && expiresMs <= asked.nowMs)
    throw new DomainError('UNIT_EXPIRED', { unit, expires: formatTime(expiresMs) });
  if (stock.length === 0 && parent !== null) throw new DomainError('ALREADY_INSTALLED', { unit, parent });
  if (stock.length === 0) throw new DomainError('NOT_IN_HOUSE', { unit, state: otherwise });
  if (asked.here && !stock.some((s) => isHere(s.placeId, asked))) {
    const actual = stock.map((s) => asked.here!.codes.get(s.placeId!) ?? 'no recorded place').join(', ');
    throw new DomainError('NOT_HERE', { unit, place: asked.here.code, actual });
  }
}

const isHere = (placeId: number | null, asked: Asked): boolean =>
  asked.here === null || placeId === null || asked.here.within.has(placeId);

function enough(line: LineState, candidate: Candidate, asked: Asked): bigint {
  if (candidate.kind === 'serial') return ONE;
  const { label: unit, item, uom } = candidate;
  const wanted = asked.quantity ?? line.open;
  if (wanted <= 0n)
    throw new DomainError('QUANTITY_INVALID', { value: formatDecimal(wanted), reason: 'it must be above zero.' });
  if (wanted > line.open)
    throw new DomainError('QUANTITY_TOO_MUCH', {
      item,
      needed: formatDecimal(line.open),
      given: formatDecimal(wanted),
      uom,
    });
  const here = candidate.stock.filter((s) => isHere(s.placeId, asked));
  if (here.some((s) => s.quantity === null)) return wanted;
  const there = here.reduce((sum, s) => sum + s.quantity!, 0n) - candidate.takenQuantity;
  if (wanted > there)
    throw new DomainError('STOCK_SHORT', {
      unit,
      available: formatDecimal(there < 0n ? 0n : there),
      wanted: formatDecimal(wanted),
      uom,
    });
  return wanted;
}

/** The positions of a line: `R1, R2` names two where the line takes two pieces, else all of it is one. */
export function positions(line: BuildLine): string[] {
  if (line.position === null) return [];
  const each = line.position.split(/[,;\s]+/).filter(Boolean);
  return BigInt(each.length) * ONE === parseDecimal(line.needed) ? each : [line.position];
}

/** The first position of a line that nothing is at yet. */
function nextPosition(line: BuildLine, parts: readonly TakenPart[]): string | null {
  const taken = parts.filter((part) => part.line === line.line).map((part) => part.position);
  const all = positions(line);
  return all.find((position) => !taken.includes(position)) ?? all.at(-1) ?? null;
}
