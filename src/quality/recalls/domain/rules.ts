/** The rules of a scope, as they are written down, and what makes two scopes the same. Pure. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@/kernel';

export interface UnitNamed {
  item?: string;
  lot?: string;
  serial?: string;
  run?: string;
  scan?: string;
}

/** Which units a scope begins with, how they are followed, and which are left out with a reason. */
export interface ScopeRules {
  /** suspects, each with the time in which it was bad */
  seeds?: { unit: UnitNamed; from?: string; until?: string }[];
  /** whatever was made in a time, at a work centre, at a place or below, of an item */
  made?: { from: string; until: string; workCenter?: string; place?: string; item?: string }[];
  /** lots or serials of an item as somebody wrote them: "07110002 thru 07110009" */
  texts?: { text: string; item: string }[];
  /** everything of an item */
  items?: { item: string }[];
  /** units that are affected by the record and are not recalled all the same */
  exclude?: { unit: UnitNamed; reason: string }[];
  at?: string;
  certainty?: 'certain' | 'possible';
  barriers?: { item?: string; inspection?: string }[];
  thresholdShare?: string;
  justification?: string;
}

/** A unit of a rule that names it. */
export interface NamedUnit {
  unitId: number;
  item: string;
  kind: 'serial' | 'lot' | 'run';
  code: string;
}

/** What the rules came to at the moment they were read. */
export interface Resolved {
  /** units that the trace begins with */
  seeds: number;
  excluded: (NamedUnit & { reason: string })[];
  /** parts of texts that could not be read */
  unread: { text: string; why: string }[];
  /** what was taken by judgement: look at it */
  warnings: string[];
  /** what was read and no unit of the plant bears */
  unmatched: { item: string; code: string }[];
}

/** SHA-256 in hex over what is in scope: the trace's digest covers question and units, the rest are the units left out. */
export function scopeDigest(
  traceDigest: string,
  excluded: readonly Pick<NamedUnit, 'item' | 'kind' | 'code'>[],
): string {
  const left = excluded.map(({ item, kind, code }) => `${item}~${kind}~${code}`).sort();
  return createHash('sha256')
    .update(canonicalJson({ trace: traceDigest, excluded: left }))
    .digest('hex');
}
