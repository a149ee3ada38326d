/** What a unit was to be made of against what is in it: every difference, in words. Pure. */
import { formatDecimal, parseDecimal } from '@/kernel';
import type { BuildLine } from './bom-lines';
import { ONE, positions, takes } from './judge';

export interface BuiltPart {
  unitId: number;
  itemId: number;
  item: string;
  label: string;
  uom: string;
  /** nanos; null: not recorded */
  quantity: bigint | null;
  position: string | null;
  certain: boolean;
  /** the run through which it came in; its quantity is not known then */
  run: string | null;
  revision: string | null;
  /** revisions of its item that were in force when the parent was made */
  inForce: readonly string[];
}

export type DifferenceKind =
  | 'missing'
  | 'short'
  | 'too-much'
  | 'substituted'
  | 'not-approved'
  | 'extra'
  | 'other-position'
  | 'other-revision'
  | 'possible-only'
  | 'quantity-unknown';

export interface Difference {
  kind: DifferenceKind;
  /** false: it is as it may be (an approved substitute) */
  open: boolean;
  say: string;
}

export interface ComparedLine {
  /** null: on no line of the BOM */
  line: BuildLine | null;
  item: string;
  built: bigint | null;
  parts: BuiltPart[];
  differences: Difference[];
}

/** Each line with the parts that fill it, then what is on no line. Untracked components leave no record and are no difference. */
export function compare(lines: readonly BuildLine[], parts: readonly BuiltPart[]): ComparedLine[] {
  const own = new Map<BuildLine | null, BuiltPart[]>();
  const put = (line: BuildLine | null, part: BuiltPart): void => void own.set(line, [...(own.get(line) ?? []), part]);
  // What has a place on the BOM by its position comes first, so that it takes no room from what has none.
  const ranked = [...parts].sort((a, b) => Number(b.position !== null) - Number(a.position !== null));
  for (const part of ranked) put(lineOf(lines, own, part), part);
  const compared = lines.map((line) => compareLine(line, own.get(line) ?? []));
  const extra = (own.get(null) ?? []).map((part): ComparedLine => ({
    line: null,
    item: part.item,
    built: part.quantity,
    parts: [part],
    differences: [
      { kind: 'extra', open: true, say: `${part.label} is in it, and on no line of the BOM.` },
      ...ofPart(part, null),
    ],
  }));
  return [...compared, ...extra];
}

function lineOf(
  lines: readonly BuildLine[],
  own: ReadonlyMap<BuildLine | null, BuiltPart[]>,
  part: BuiltPart,
): BuildLine | null {
  const wants = lines.filter((line) => takes(line).includes(part.itemId));
  const at = (line: BuildLine) => part.position !== null && positions(line).includes(part.position);
  const left = (line: BuildLine) => (sumOf(own.get(line) ?? []) ?? 0n) < parseDecimal(line.needed);
  const exact = (line: BuildLine) => line.itemId === part.itemId;
  return (
    wants.find((line) => at(line) && exact(line)) ??
    wants.find(at) ??
    wants.find((line) => exact(line) && left(line)) ??
    wants.find(left) ??
    wants.find(exact) ??
    wants[0] ??
    // Another item at a position of the BOM stands in for what should be there.
    lines.find((line) => at(line) && (own.get(line) ?? []).length === 0) ??
    null
  );
}

/** The sum of what is known; null where something is not. */
function sumOf(parts: readonly BuiltPart[]): bigint | null {
  let sum = 0n;
  for (const part of parts) {
    if (part.quantity === null) return null;
    sum += part.quantity;
  }
  return sum;
}

function compareLine(line: BuildLine, parts: BuiltPart[]): ComparedLine {
  const built = sumOf(parts);
  const differences = [...quantities(line, parts, built), ...parts.flatMap((part) => ofPart(part, line))];
  return { line, item: line.item, built, parts, differences };
}

function quantities(line: BuildLine, parts: readonly BuiltPart[], built: bigint | null): Difference[] {
  if (line.tracking === 'none') return [];
  const where = line.position === null ? '' : ` at ${line.position}`;
  const needed = parseDecimal(line.needed);
  const wanted = `${line.needed} ${line.uom} of ${line.item}`;
  if (parts.length === 0) return [{ kind: 'missing', open: true, say: `${wanted}${where} is missing.` }];
  const found: Difference[] = [];
  const runs = new Set(parts.flatMap((part) => (part.run === null ? [] : [part.run])));
  for (const run of runs) {
    const lots = [...new Set(parts.filter((part) => part.run === run).map((part) => part.label))];
    if (lots.length > 1)
      found.push({
        kind: 'possible-only',
        open: true,
        say: `Several were on ${run} then: ${lots.join(', ')}. Any of them may be in it.`,
      });
  }
  if (parts.every((part) => !part.certain))
    found.push({
      kind: 'possible-only',
      open: true,
      say: `${parts.map((part) => part.label).join(', ')} may be in it: the record cannot tell which, or how much.`,
    });
  if (built === null) {
    if (runs.size === 0)
      found.push({ kind: 'quantity-unknown', open: true, say: `How much ${line.item} is in it was not recorded.` });
  } else if (built < needed)
    found.push({
      kind: 'short',
      open: true,
      say: `${formatDecimal(built)} of ${wanted}${where} is in it: ${formatDecimal(needed - built)} ${line.uom} is missing.`,
    });
  else if (built > needed)
    found.push({
      kind: 'too-much',
      open: true,
      say: `${formatDecimal(built)} ${line.uom} of ${line.item}${where} is in it, and ${line.needed} was designed.`,
    });
  return found;
}

function ofPart(part: BuiltPart, line: BuildLine | null): Difference[] {
  const found: Difference[] = [];
  if (line && part.itemId !== line.itemId) {
    const approved = line.substitutes.some((s) => s.itemId === part.itemId);
    found.push({
      kind: approved ? 'substituted' : 'not-approved',
      open: !approved,
      say: `${part.label} is in it instead of ${line.item}: ${approved ? 'an approved substitute' : 'no approved substitute'}.`,
    });
  }
  if (line && line.position !== null && part.position !== null && !positions(line).includes(part.position))
    if (part.position !== line.position)
      found.push({
        kind: 'other-position',
        open: true,
        say: `${part.label} is at ${part.position}, and ${line.position} was designed.`,
      });
  if (part.revision !== null && part.inForce.length > 0 && !part.inForce.includes(part.revision))
    found.push({
      kind: 'other-revision',
      open: true,
      say: `${part.label} is revision ${part.revision}, and ${part.inForce.join(' or ')} was in force.`,
    });
  return found;
}

/** Counts of a comparison: what a list shows of it. */
export function tally(compared: readonly ComparedLine[]): { open: number; substituted: number; say: string[] } {
  const all = compared.flatMap((line) => line.differences);
  const open = all.filter((d) => d.open);
  return { open: open.length, substituted: all.length - open.length, say: open.map((d) => d.say) };
}

/** A serial is one piece, whatever its link says. */
export const quantityOf = (kind: 'serial' | 'lot' | 'run', quantity: string | null): bigint | null =>
  kind === 'serial' ? ONE : quantity === null ? null : parseDecimal(quantity);
