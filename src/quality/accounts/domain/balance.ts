/** What of a case is still missing, and what it is that is signed when it is closed. Pure. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@/kernel';

export interface Buckets {
  inHouse: string;
  recovered: string;
  remedied: string;
  destroyed: string;
  used: string;
  passedOn: string;
  notFound: string;
  pending: string;
}

/** Amounts of one unit of measure; never added up over several. */
export interface Sums extends Buckets {
  uom: string;
  units: number;
  /** units of which nobody knows how much there is: in no sum but this one */
  unknown: number;
  /** units that are accounted for in full */
  balanced: number;
  scope: string;
}

export interface Missing {
  pending: { uom: string; quantity: string }[];
  /** units whose quantity nobody knows */
  unknown: number;
  contradictions: number;
  /** effectiveness checks without an outcome */
  checks: number;
  /** whether checks that the level asks for were never drawn */
  undrawn: boolean;
}

/** Whether nothing is missing; an unknown quantity never balances. */
export function isBalanced({ pending, unknown, contradictions }: Missing): boolean {
  return pending.length === 0 && unknown === 0 && contradictions === 0;
}

/** What keeps a case from being closed, for a person; empty where nothing does. */
export function missingSaid({ pending, unknown, contradictions, checks, undrawn }: Missing): string[] {
  const many = (count: number, one: string, more: string) => (count === 1 ? `1 ${one}` : `${count} ${more}`);
  return [
    ...(pending.length > 0 ? [`${pending.map((p) => `${p.quantity} ${p.uom}`).join(' and ')} pending`] : []),
    ...(unknown > 0 ? [many(unknown, 'unit of unknown quantity', 'units of unknown quantity')] : []),
    ...(contradictions > 0 ? [many(contradictions, 'contradiction', 'contradictions')] : []),
    ...(undrawn ? ['effectiveness checks not drawn'] : []),
    ...(checks > 0 ? [many(checks, 'effectiveness check open', 'effectiveness checks open')] : []),
  ];
}

/** SHA-256 in hex over what a case adds up to. */
export function accountDigest(recall: string, version: number, items: readonly object[]): string {
  return createHash('sha256').update(canonicalJson({ recall, version, items })).digest('hex');
}
