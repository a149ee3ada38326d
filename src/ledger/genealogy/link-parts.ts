/** From a recorded link to the intervals that a trace walks over. Pure. */
import type { RecordedLink } from './links';

/** One interval of a link: the widest reading [from, until) and the narrowest, in ms UTC with infinite open ends. */
export interface LinkPart {
  certain: boolean;
  from: number;
  until: number;
  sureFrom: number;
  sureUntil: number;
}

/**
 * The parts of a link: two where its end is only implied (sure until the next mark, possible after it), none where it does
 * not stand any more, else one. `firstMakingMs`: when the input came into being, if that is recorded.
 */
export function linkParts(link: RecordedLink, firstMakingMs: number | undefined): LinkPart[] {
  const from = link.from ?? -Infinity;
  const stated = atLeast(link.statedUntil ?? Infinity, from);
  const sureFrom = link.sureFrom ?? from;
  const end = link.end;
  switch (end?.cause) {
    case 'voided':
    case 'matched':
      return [];
    case 'orphan': {
      const start = end.from ?? -Infinity;
      const until = atLeast(end.until ?? Infinity, start);
      return [{ certain: false, from: start, until, sureFrom: start, sureUntil: end.sureUntil ?? until }];
    }
    case 'removed':
    case 'implied': {
      const until = atLeast(end.until ?? Infinity, from);
      const sure = { certain: link.certain, from, until, sureFrom, sureUntil: end.sureUntil ?? until };
      const maybeUntil = end.maybeUntil ?? Infinity;
      if (end.cause === 'removed' || maybeUntil <= until) return [sure];
      return [sure, { certain: false, from: until, until: maybeUntil, sureFrom: until, sureUntil: maybeUntil }];
    }
    default: {
      if (drawnBeforeMaking(link, firstMakingMs)) {
        // A recall must not hang on two clocks that differ: the draw is read as reaching one millisecond past the making.
        const until = firstMakingMs! + 1;
        return [{ certain: link.certain, from, until, sureFrom, sureUntil: until }];
      }
      return [{ certain: link.certain, from, until: stated, sureFrom, sureUntil: link.sureUntil ?? stated }];
    }
  }
}

/** True when a consumption is dated wholly before its input's first making. */
export function drawnBeforeMaking(link: RecordedLink, firstMakingMs: number | undefined): boolean {
  if (link.mode !== 0 || firstMakingMs === undefined) return false;
  return atLeast(link.statedUntil ?? Infinity, link.from ?? -Infinity) <= firstMakingMs;
}

/** A link covers at least one millisecond. */
function atLeast(until: number, from: number): number {
  return from === -Infinity ? until : Math.max(until, from + 1);
}
