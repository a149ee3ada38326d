/** How a link changed from position to position. Pure. */
import { LinkPart, linkParts } from './link-parts';
import type { LinkEnd, RecordedLink } from './links';

/** A recorded link with everything that was ever said of it up to some position. */
export interface LinkHistory {
  link: Omit<RecordedLink, 'end'>;
  /** the position that brought it, and the one that voided its event; Infinity: none did */
  born: number;
  voided: number;
  /** in the order in which they were recorded */
  ends: readonly { position: number; end: LinkEnd }[];
}

/** A making of the link's input, and the positions between which it stood. */
export interface Making {
  at: number;
  born: number;
  voided: number;
}

/** What the link comes to from one position on, up to (not at) another. */
export interface LinkVersion {
  from: number;
  until: number;
  parts: LinkPart[];
}

/** The versions of a link, in order; a version that says the same as the one before is one with it. */
export function linkVersions(history: LinkHistory, makings: readonly Making[]): LinkVersion[] {
  const { link, born, voided } = history;
  // Only installations get ends; a consumption goes with its event alone.
  const ends = link.mode === 1 ? history.ends : [];
  const steps = new Set<number>([born]);
  for (const { position } of ends) steps.add(position);
  if (link.mode === 0) for (const m of makings) steps.add(m.born).add(m.voided);
  const times = [...steps].filter((p) => p > born && p < voided && p !== Infinity).sort((a, b) => a - b);
  const versions: LinkVersion[] = [];
  for (const [i, from] of [born, ...times].entries()) {
    const until = times[i] ?? voided;
    const parts = partsAt(link, ends, makings, from);
    const last = versions.at(-1);
    if (last && same(last.parts, parts)) last.until = until;
    else versions.push({ from, until, parts });
  }
  return versions;
}

function partsAt(
  link: LinkHistory['link'],
  ends: LinkHistory['ends'],
  makings: readonly Making[],
  position: number,
): LinkPart[] {
  let end: LinkEnd | null = null;
  for (const e of ends) if (e.position <= position) end = e.end;
  let made: number | undefined;
  for (const m of makings)
    if (m.born <= position && position < m.voided && (made === undefined || m.at < made)) made = m.at;
  return linkParts({ ...link, end }, made);
}

function same(a: readonly LinkPart[], b: readonly LinkPart[]): boolean {
  return (
    a.length === b.length &&
    a.every((x, i) => {
      const y = b[i]!;
      return (
        x.certain === y.certain &&
        x.from === y.from &&
        x.until === y.until &&
        x.sureFrom === y.sureFrom &&
        x.sureUntil === y.sureUntil
      );
    })
  );
}
