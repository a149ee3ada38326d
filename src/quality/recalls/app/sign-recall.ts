import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import type { Tx } from '@/platform/db';
import { ConfirmPerson } from '@/reference/access';
import type { Recall } from '../queries';

export const SIGNATURE_SUBJECTS = [
  'approval',
  'initiation',
  'notices',
  'widening',
  'narrowing',
  'closing',
  'withdrawal',
] as const;
export type SignatureSubject = (typeof SIGNATURE_SUBJECTS)[number];

/** What a person types to sign: the password again, what the signature means, and why (21 CFR 11.50, 11.200). */
export interface SignatureInput {
  password: string;
  meaning: string;
  reason: string;
}

export interface SignInput extends SignatureInput {
  subject: SignatureSubject;
  /** the scope version that is signed; null where the case has none yet */
  version: number | null;
  /** of what is signed, in hex: the version's digest, or one over what is sent or closed */
  digest: string;
}

export interface Signature {
  signatureId: number;
  by: string;
  name: string;
  meaning: string;
  reason: string;
  at: string;
  digest: string;
}

/** Signs what a person has seen. A signature is never changed, and is bound to the digest of what it signs. */
@Injectable()
export class SignRecall {
  constructor(private readonly confirm: ConfirmPerson) {}

  /** Throws SIGNATURE_NEEDS_PERSON, SIGNATURE_WRONG, TOO_MANY_ATTEMPTS. */
  async within(tx: Tx, recall: Recall, input: SignInput): Promise<Signature> {
    const { actor } = tx.ctx;
    if (!this.confirm.isPerson(actor)) throw new DomainError('SIGNATURE_NEEDS_PERSON');
    const person = await this.confirm.execute(actor, input.password);
    if (!person) throw new DomainError('SIGNATURE_WRONG');
    const { subject, version, digest, meaning, reason } = input;
    const [row] = await tx.query<{ signatureId: number; at: Date }>(
      `INSERT INTO recall_signature (recall_id, subject, version, digest, meaning, reason, signed_by, name, signed_at)
       VALUES ($1, $2, $3, decode($4, 'hex'), $5, $6, $7, $8, clock_timestamp())
       RETURNING signature_id AS "signatureId", signed_at AS at`,
      [recall.recallId, subject, version, digest, meaning, reason, actor, person.displayName],
    );
    const { signatureId, at } = row!;
    await tx.audit({
      action: 'sign-recall',
      subject: `recall:${recall.key}`,
      after: { signature: signatureId, subject, version, digest, meaning, reason },
    });
    return { signatureId, by: actor, name: person.displayName, meaning, reason, at: at.toISOString(), digest };
  }
}
