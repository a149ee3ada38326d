import { Injectable } from '@nestjs/common';
import { Context, Tx, UnitOfWork } from '@/platform/db';
import { type Change, lockMaster, type PutResult, PutTally, readEach, recordVersions } from '../../master';
import { type PartnerBody, readPartner } from '../domain/partner';
import { bodyOfPartner, partnersByCode } from '../queries';

export type PartnerInput = Readonly<Record<string, unknown>>;

@Injectable()
export class PutPartners {
  constructor(private readonly uow: UnitOfWork) {}

  /**
   * Creates or replaces partners by code, in one transaction: `{partner, name, kind, email?, phone?, address?, country?}`.
   * Rows that are wrong are refused one by one.
   */
  execute(ctx: Context, rows: readonly PartnerInput[]): Promise<PutResult> {
    return this.uow.run(ctx, async (tx) => {
      const tally = new PutTally();
      const wanted = readEach(tally, rows, 'partner', readPartner);
      await lockMaster(tx, 'partner');
      const existing = await partnersByCode(
        tx,
        wanted.map((row) => row.key),
      );
      const changes: Change<PartnerBody>[] = wanted
        .map((row) => {
          const partner = existing.get(row.key);
          return { ...row, before: partner ? bodyOfPartner(partner) : null };
        })
        .filter((change) => tally.differs(change));
      await this.write(tx, changes);
      await recordVersions(tx, 'partner', changes);
      return tally.result;
    });
  }

  private async write(tx: Tx, changes: Change<PartnerBody>[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.query(
      `INSERT INTO partner (code, name, kind, email, phone, address, country)
       SELECT r.code, r.name, r.kind, r.email, r.phone, r.address, r.country
       FROM jsonb_to_recordset($1::jsonb)
         AS r(code text, name text, kind text, email text, phone text, address text, country text)
       ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind, email = excluded.email,
         phone = excluded.phone, address = excluded.address, country = excluded.country`,
      [JSON.stringify(changes.map(({ key, after }) => ({ code: key, ...after })))],
    );
  }
}
