/** What a scan is answered with, the same over HTTP and on the screen; and what a person can do about it. */
import type { UnitRef } from '~/api/types';

export type Tone = 'ok' | 'warn' | 'stop' | 'ask';

export type FloorInstruction = { id: string; title?: string; text: string; acknowledge?: boolean };
export type Substitute = {
  item: string;
  unit?: UnitRef | undefined;
  place?: string | null | undefined;
  quantity?: { value: string; uom: string } | null | undefined;
  expires?: string | null | undefined;
};

export type VerdictData = {
  verdict: Tone;
  code?: string | undefined;
  message: string;
  /** what to do now, in one sentence */
  next?: string | undefined;
  unit?: UnitRef | undefined;
  instructions?: FloorInstruction[];
  substitutes?: Substitute[];
  /** goes on once the instructions are acknowledged; what it gives is the next verdict */
  acknowledge?: (ids: string[]) => Promise<VerdictData | null>;
  /** takes one of the substitutes instead */
  choose?: (substitute: Substitute) => Promise<VerdictData | null>;
  /** other answers to a question, the first of which `CMD:OK` gives */
  answers?: { label: string; act: () => Promise<VerdictData | null> }[];
};

/** A verdict that stays until a person deals with it; scans that come meanwhile wait. */
export const mustBeAnswered = (verdict: VerdictData): boolean =>
  verdict.verdict === 'stop' ||
  verdict.verdict === 'ask' ||
  (verdict.acknowledge !== undefined && (verdict.instructions ?? []).some((one) => one.acknowledge));
