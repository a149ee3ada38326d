import { Injectable } from '@nestjs/common';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { type Recall, recallByKey } from '@/quality/recalls';
import { languageByCountry, languagesOf } from '../queries/texts';

/** Drafts a notice for everybody who has something of a case and was not told of it: also of what came under the scope later. */
@Injectable()
export class DraftNotices {
  constructor(private readonly uow: UnitOfWork) {}

  /** Of a case that runs; of any other, nothing. Throws NOT_FOUND. */
  execute(ctx: Context, key: string): Promise<{ drafted: number }> {
    return this.uow.run(ctx, async (tx) => {
      await tx.query('SELECT 1 FROM recall WHERE key = $1 FOR UPDATE', [key]);
      const recall = await recallByKey(tx, key);
      return { drafted: await this.within(tx, recall) };
    });
  }

  /** In the transaction of whoever has locked the case: two that draft at one moment take turns. Gives the number of new drafts. */
  async within(tx: Tx, recall: Recall): Promise<number> {
    if (recall.state !== 'initiated' && recall.state !== 'monitoring') return 0;
    const byCountry = languageByCountry(await languagesOf(tx, recall));
    const newest = await newestDelivery(tx, recall.recallId);
    const about = [recall.recallId, recall.version, JSON.stringify(byCountry), recall.language, newest];
    // What is still a draft follows the scope, the address and the language as they are now.
    await tx.query(
      `UPDATE recall_notice n SET version = $2, delivery_no = $5, channel = p.channel, address = p.way, language = p.language
         FROM (${ADDRESSED}) p
        WHERE n.recall_id = $1 AND n.state = 'draft' AND n.kind = 'notice' AND p.partner_id = n.partner_id
          AND (n.version, n.delivery_no, n.channel, n.address, n.language) IS DISTINCT FROM ($2, $5, p.channel, p.way, p.language)`,
      about,
    );
    const rows = await tx.query<{ n: number }>(
      // Looked up by key, one by one: a join of grouped rows is planned for one of them, and took 40 s for ten thousand.
      `WITH drafted AS (
         INSERT INTO recall_notice (recall_id, notice_no, partner_id, kind, round, version, delivery_no, channel, drill, language,
             address, created_by)
         SELECT $1, (SELECT coalesce(max(notice_no), 0) FROM recall_notice WHERE recall_id = $1) + row_number() OVER (ORDER BY p.code),
                c.partner_id, 'notice', 1 + (SELECT coalesce(max(n.round), 0) FROM recall_notice n
                  WHERE n.recall_id = $1 AND n.partner_id = c.partner_id AND n.kind = 'notice'), $2, $5, p.channel,
                (SELECT drill FROM recall WHERE recall_id = $1), p.language, p.way, $6
           FROM (SELECT d.partner_id, max(d.delivery_no) AS newest FROM recall_delivery d
                  WHERE d.recall_id = $1 AND d.version_out IS NULL AND d.partner_id IS NOT NULL GROUP BY d.partner_id) c
           JOIN (${ADDRESSED}) p USING (partner_id)
          WHERE coalesce((SELECT max(n.delivery_no) FROM recall_notice n
                  WHERE n.recall_id = $1 AND n.partner_id = c.partner_id AND n.kind = 'notice'), 0) < c.newest
         RETURNING 1)
       SELECT count(*)::int AS n FROM drafted`,
      [...about, tx.ctx.actor],
    );
    await tx.query(
      `INSERT INTO notice_drafting (recall_id, delivery_no) VALUES ($1, $2)
       ON CONFLICT (recall_id) DO UPDATE SET delivery_no = excluded.delivery_no WHERE notice_drafting.delivery_no <> excluded.delivery_no`,
      [recall.recallId, newest],
    );
    const drafted = rows[0]?.n ?? 0;
    if (drafted > 0)
      await tx.audit({
        action: 'draft-notices',
        subject: `recall:${recall.key}`,
        after: { drafted, version: recall.version },
      });
    return drafted;
  }
}

/** How a partner is reached: by mail, else by post, else by phone. $3: languages by country, $4: that of the case. */
export const ADDRESSED = `
  SELECT partner_id, code, coalesce($3::jsonb ->> upper(trim(country)), $4) AS language,
      CASE WHEN email IS NOT NULL THEN 'email' WHEN address IS NOT NULL OR phone IS NULL THEN 'letter' ELSE 'phone' END AS channel,
      coalesce(email, CASE WHEN address IS NOT NULL THEN concat_ws(chr(10), address, country) END, phone) AS way
    FROM partner`;

/** The number of the newest delivery of a case; 0: there is none. */
async function newestDelivery(tx: Tx, recallId: number): Promise<number> {
  const [row] = await tx.query<{ no: number }>(
    'SELECT coalesce(max(delivery_no), 0)::int AS no FROM recall_delivery WHERE recall_id = $1',
    [recallId],
  );
  return row?.no ?? 0;
}
