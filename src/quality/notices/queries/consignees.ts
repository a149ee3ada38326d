/** Who has something of a case, what they were told and what they owe. */
import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';
import type { Recall } from '@/quality/recalls';
import { linesOf } from './lines';

/** In an address, the consignee whom nobody knows. */
export const UNKNOWN = '-';

interface ItemSummary {
  item: string;
  name: string;
  kind: 'serial' | 'lot' | 'run';
  units: number;
  /** null where a delivery does not say it */
  quantity: { value: string; uom: string } | null;
}

export interface ConsigneeView {
  /** `-`: deliveries that name no customer */
  consignee: string;
  name: string;
  email: string | null;
  phone: string | null;
  address: string | null;
  country: string | null;
  lines: number;
  lots: number;
  serials: number;
  /** lines that are certain; the others are possible */
  certain: number;
  items: ItemSummary[];
  documents: number;
  from: Date | null;
  until: Date | null;
  /** the newest notice; null: none was drafted */
  notice: { notice: number; channel: string; state: string; at: Date } | null;
  reminders: number;
  escalations: number;
  /** whom to turn to when no answer comes */
  contact: { name: string; email: string } | null;
  /** lines that were answered */
  answered: number;
  /** was told, and has not answered for all lines */
  owes: boolean;
  /** what keeps this consignee from being told, and what to do about it */
  problem: string | null;
}

type Row = Omit<ConsigneeView, 'owes' | 'problem' | 'consignee' | 'name'> & {
  partnerId: number;
  code: string;
  partnerName: string | null;
  found: boolean;
};

const TOLD = ['sent', 'unsure', 'done'];

/** Consignees ($3: partner ids, 0 for unknown) with their lines and what was written to them. */
const CONSIGNEES = `
  WITH line AS MATERIALIZED (${linesOf('coalesce(d.partner_id, 0) = ANY ($3::int[])')}),
  item_sum AS (
    SELECT l.partner_id, i.code AS item, i.name, i.uom, u.kind, count(*)::int AS units, bool_or(l.quantity IS NULL) AS unknown,
        trim_scale(sum(l.quantity))::text AS quantity
      FROM line l JOIN unit u USING (unit_id) JOIN item i USING (item_id) GROUP BY l.partner_id, i.code, i.name, i.uom, u.kind)
  SELECT c.partner_id AS "partnerId", coalesce(p.code, '') AS code, p.partner_id IS NOT NULL AS found, p.name AS "partnerName",
      p.email, p.phone, p.address, p.country,
      c.lines, c.certain, c.documents, c.from_at AS "from", c.until_at AS until,
      coalesce((SELECT sum(units) FROM item_sum s WHERE s.partner_id = c.partner_id AND s.kind = 'lot'), 0)::int AS lots,
      coalesce((SELECT sum(units) FROM item_sum s WHERE s.partner_id = c.partner_id AND s.kind = 'serial'), 0)::int AS serials,
      (SELECT jsonb_agg(jsonb_build_object('item', item, 'name', name, 'kind', kind, 'units', units, 'quantity',
           CASE WHEN unknown THEN NULL ELSE jsonb_build_object('value', quantity, 'uom', uom) END) ORDER BY kind, item)
         FROM item_sum s WHERE s.partner_id = c.partner_id) AS items,
      (SELECT jsonb_build_object('notice', n.notice_no, 'channel', n.channel, 'state', n.state,
           'at', coalesce(n.done_at, n.sent_at, n.queued_at, n.created_at))
         FROM recall_notice n WHERE n.recall_id = $1 AND n.partner_id = c.partner_id AND n.kind = 'notice'
        ORDER BY n.notice_no DESC LIMIT 1) AS notice,
      (SELECT count(*) FROM recall_notice n WHERE n.recall_id = $1 AND n.partner_id = c.partner_id AND n.kind = 'reminder')::int AS reminders,
      (SELECT count(*) FROM recall_notice n WHERE n.recall_id = $1 AND n.partner_id = c.partner_id AND n.kind = 'escalation')::int AS escalations,
      (SELECT jsonb_build_object('name', k.name, 'email', k.email) FROM recall_contact k
        WHERE k.recall_id = $1 AND k.partner_id = c.partner_id) AS contact,
      c.answered
    FROM (SELECT l.partner_id, count(*)::int AS lines, count(*) FILTER (WHERE l.certain)::int AS certain,
              min(l.from_at) AS from_at, max(l.until_at) AS until_at, count(a.answer_id)::int AS answered,
              (SELECT count(DISTINCT x)::int FROM line y, unnest(y.documents) x WHERE y.partner_id = l.partner_id) AS documents
            FROM line l LEFT JOIN recall_answer a
              ON a.recall_id = $1 AND a.partner_id = l.partner_id AND a.unit_id = l.unit_id AND NOT a.superseded
           GROUP BY l.partner_id) c
    LEFT JOIN partner p ON p.partner_id = c.partner_id
   ORDER BY coalesce(p.code, '')`;

function problemOf({ found, notice, email, address, phone, partnerId }: Row): string | null {
  if (partnerId === 0)
    return 'Nobody is named as the customer of these deliveries: find out who has them, and correct the shipments.';
  if (!found) return 'The partner of these deliveries is gone from the records.';
  switch (notice?.state) {
    case 'bounced':
      return 'The mail server refused the address: correct it and send again, or post the letter.';
    case 'failed':
      return 'The mail server put it off for too long: send again, or post the letter.';
    case 'unsure':
      return 'It was handed to the mail server, and no answer came: ask whether it arrived before you send again.';
    default:
      return email || address || phone ? null : 'There is no e-mail, address or phone on record: add one.';
  }
}

const view = (row: Row): ConsigneeView => {
  const { partnerId, code, partnerName, found: _, ...rest } = row;
  return {
    consignee: partnerId === 0 ? UNKNOWN : code,
    name: partnerId === 0 ? 'unknown customer' : (partnerName ?? `partner ${partnerId}`),
    ...rest,
    owes: TOLD.includes(row.notice?.state ?? '') && row.answered < row.lines,
    problem: problemOf(row),
  };
};

export interface ConsigneeFilter {
  /** escaped for LIKE: the start of a code or a part of a name */
  q?: string;
  /** of the newest notice; `none`: not drafted */
  state?: string | undefined;
  owes?: boolean | undefined;
  problem?: boolean | undefined;
}

/** Told, and not all lines answered ($1 case, $2 version): those who owe an answer. */
export const OWING = `
  SELECT l.partner_id FROM (${linesOf()}) l
    LEFT JOIN recall_answer a ON a.recall_id = $1 AND a.partner_id = l.partner_id AND a.unit_id = l.unit_id AND NOT a.superseded
   WHERE EXISTS (SELECT 1 FROM recall_notice n WHERE n.recall_id = $1 AND n.partner_id = l.partner_id AND n.kind = 'notice'
                    AND n.state IN ('sent', 'unsure', 'done'))
   GROUP BY l.partner_id HAVING count(*) > count(a.answer_id)`;

/** By code, those whom nobody knows first. */
export async function consigneesPage(
  q: Queryable,
  { recallId, version }: Pick<Recall, 'recallId' | 'version'>,
  filter: ConsigneeFilter,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<ConsigneeView>> {
  const size = pageSize(limit);
  const ids = await q.query<{ partner_id: number; code: string }>(
    `SELECT c.partner_id, coalesce(p.code, '') AS code
       FROM (SELECT DISTINCT coalesce(d.partner_id, 0) AS partner_id FROM recall_delivery d
              WHERE d.recall_id = $1 AND d.version_in <= $2 AND (d.version_out IS NULL OR d.version_out > $2)) c
       LEFT JOIN partner p USING (partner_id)
       LEFT JOIN LATERAL (SELECT n.state FROM recall_notice n WHERE n.recall_id = $1 AND n.partner_id = c.partner_id
          AND n.kind = 'notice' ORDER BY n.notice_no DESC LIMIT 1) n ON true
      WHERE ($3::text IS NULL OR coalesce(p.code, '') > $3)
        AND ($4 = '' OR lower(p.code) LIKE lower($4) || '%' OR p.name ILIKE '%' || $4 || '%')
        AND ($5::text IS NULL OR coalesce(n.state, 'none') = $5)
        AND (NOT $6::boolean OR c.partner_id IN (${OWING}))
        AND (NOT $7::boolean OR p.partner_id IS NULL OR n.state IN ('bounced', 'failed', 'unsure')
             OR coalesce(p.email, p.address, p.phone) IS NULL)
      ORDER BY coalesce(p.code, '') LIMIT $8`,
    [
      recallId,
      version,
      decodeCursor<string>(cursor),
      filter.q ?? '',
      filter.state ?? null,
      filter.owes ?? false,
      filter.problem ?? false,
      size + 1,
    ],
  );
  const page = toPage(
    ids,
    size,
    (row) => row.code,
    (row) => row.partner_id,
  );
  const rows = await q.query<Row>(CONSIGNEES, [recallId, version, page.data]);
  return { data: rows.map(view), nextCursor: page.nextCursor };
}

/** The partner id of a consignee in an address; 0 for `-`. Throws NOT_FOUND. */
export async function consigneeId(q: Queryable, code: string): Promise<number> {
  if (code === UNKNOWN) return 0;
  const [row] = await q.query<{ partner_id: number }>('SELECT partner_id FROM partner WHERE code = $1', [code]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'consignee', key: code });
  return row.partner_id;
}

/** Throws NOT_FOUND where it has nothing of the case. */
export async function oneConsignee(
  q: Queryable,
  { recallId, version, key }: Pick<Recall, 'recallId' | 'version' | 'key'>,
  partnerId: number,
  code: string,
): Promise<ConsigneeView> {
  const [row] = await q.query<Row>(CONSIGNEES, [recallId, version, [partnerId]]);
  if (!row) throw new DomainError('NOT_FOUND', { what: `consignee of ${key}`, key: code });
  return view(row);
}

const CALL_PAGE = 500;

/** All of them for a call centre, those whom nobody knows first, in pages. */
export async function* allConsignees(
  q: Queryable,
  recall: Pick<Recall, 'recallId' | 'version'>,
): AsyncGenerator<ConsigneeView> {
  let cursor: string | undefined;
  do {
    const page = await consigneesPage(q, recall, {}, cursor, CALL_PAGE);
    yield* page.data;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
