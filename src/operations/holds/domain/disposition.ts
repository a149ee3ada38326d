/** What may become of held goods, and the way a decision takes. Pure. */
import { DomainError } from '@/kernel';

export const DISPOSITION_KINDS = ['use-as-is', 'rework', 'sort', 'return-to-supplier', 'scrap'] as const;
export type DispositionKind = (typeof DISPOSITION_KINDS)[number];

export const DISPOSITION_STATES = ['proposed', 'approved', 'refused', 'withdrawn', 'done'] as const;
export type DispositionState = (typeof DISPOSITION_STATES)[number];

/** One proposes, another approves or refuses, then it is carried out; nothing leads back, so nothing is carried out twice. */
const FROM: Record<Exclude<DispositionState, 'proposed'>, readonly DispositionState[]> = {
  approved: ['proposed'],
  refused: ['proposed'],
  withdrawn: ['proposed', 'approved'],
  done: ['approved'],
};

/** Throws DISPOSITION_STATE where the step is none. */
export function step(disposition: string, state: DispositionState, next: Exclude<DispositionState, 'proposed'>): void {
  if (FROM[next].includes(state)) return;
  throw new DomainError('DISPOSITION_STATE', { disposition, state, needed: FROM[next].join(' or '), wanted: next });
}

/** Where it goes, for the kinds that bring it somewhere. */
export const needsPlace = (kind: DispositionKind): boolean => kind === 'rework' || kind === 'sort';
export const needsPartner = (kind: DispositionKind): boolean => kind === 'return-to-supplier';
/** Kinds that end the holds they are about. Rework and sorting go on under them: nothing is free before it was looked at again. */
export const frees = (kind: DispositionKind): boolean => kind !== 'rework' && kind !== 'sort';
/** Kinds after which the goods are gone: no other reason may still need them. */
export const endsThere = (kind: DispositionKind): boolean => kind === 'scrap' || kind === 'return-to-supplier';

/** Throws DISPOSITION_FIELD where a field is missing, or is not for this kind. */
export function checkFields(kind: DispositionKind, given: { place?: string; supplier?: string }): void {
  if (needsPlace(kind) !== (given.place !== undefined)) throw wrong(kind, 'place', needsPlace(kind));
  if (needsPartner(kind) !== (given.supplier !== undefined)) throw wrong(kind, 'supplier', needsPartner(kind));
}

const wrong = (kind: DispositionKind, field: string, needed: boolean): DomainError =>
  needed
    ? new DomainError('DISPOSITION_FIELD', { kind, field })
    : new DomainError('FIELD_INVALID', { field, reason: `a disposition of the kind "${kind}" has none.` });

/** The code of the lot that a part is split off into: its history is that of the lot it comes from. */
export const heirCode = (lot: string, dispositionId: number): string => `${lot}/D${dispositionId}`;
