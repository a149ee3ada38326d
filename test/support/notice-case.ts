/** A case that runs, with consignees and what was delivered to them, written straight into the tables. */

import type { TestDatabase } from './database';

type Db = Pick<TestDatabase, 'asOwner'>;

interface Customer {
  code: string;
  name?: string;
  email?: string;
  phone?: string;
  address?: string;
  country?: string;
}

export interface CaseOptions {
  drill?: boolean;
  state?: string;
  jurisdiction?: string;
  language?: string;
  customers: Customer[];
  details?: object;
}

export const DETAILS = {
  product: 'Smoked sausage 200 g',
  reason: 'Listeria was found in a sample.',
  hazard: { consequence: 'Eating it can make people gravely ill.' },
  doWhat: 'Destroy it and send us the certificate.',
  contact: { name: 'Anna Quality', phone: '+33 1 23 45', email: 'quality@plant.example' },
};

/** Gives the key. Each customer has lot `L-<code>` (12.5 kg) and the serials `S-<code>-1`, `…-2`, from two documents. */
export async function noticeCase(db: Db, options: CaseOptions): Promise<string> {
  const { drill = false, state = 'initiated', jurisdiction = 'US-FDA', language = 'en', customers } = options;
  await db.asOwner(
    `INSERT INTO item (code, name, tracking, uom) VALUES ('WURST', 'Sausage', 'lot', 'kg'), ('BIKE', 'City bike', 'serial', 'pcs')
     ON CONFLICT (code) DO NOTHING`,
  );
  await db.asOwner(
    `INSERT INTO partner (code, name, kind, email, phone, address, country)
     SELECT code, coalesce(name, code), 'customer', email, phone, address, country FROM jsonb_to_recordset($1::jsonb)
       AS c(code text, name text, email text, phone text, address text, country text) ON CONFLICT (code) DO NOTHING`,
    [JSON.stringify(customers)],
  );
  const [made] = await db.asOwner<{ id: number }>(
    `INSERT INTO recall (key, drill, title, state, class, depth, jurisdiction, language, four_eyes, details, goals, created_by)
     VALUES (gen_random_uuid()::text, $1, 'Listeria', $2, 'I', 'retail', $3, $4, false, $5, '{}', 'user:anna') RETURNING recall_id AS id`,
    [drill, state, jurisdiction, language, JSON.stringify(options.details ?? DETAILS)],
  );
  const id = made!.id;
  const key = `${drill ? 'D' : 'R'}${id}`;
  await db.asOwner('UPDATE recall SET key = $2 WHERE recall_id = $1', [id, key]);
  await scopeVersion(db, key, 1);
  await deliver(
    db,
    key,
    1,
    customers.flatMap(({ code }) => [
      { customer: code, item: 'WURST', kind: 'lot', code: `L-${code}`, quantity: '12.5', document: `DN-${code}-1` },
      { customer: code, item: 'BIKE', kind: 'serial', code: `S-${code}-1`, quantity: '1', document: `DN-${code}-2` },
      { customer: code, item: 'BIKE', kind: 'serial', code: `S-${code}-2`, quantity: '1', document: `DN-${code}-2` },
    ]),
  );
  return key;
}

export async function scopeVersion(db: Db, key: string, version: number): Promise<void> {
  await db.asOwner(
    `INSERT INTO recall_scope (recall_id, version, cause, rules, trace_id, excluded, position, digest, counts, reason, created_by)
     SELECT recall_id, $2, 'saved', '{}', gen_random_uuid(), '[]', 1, sha256('scope'), '{}', 'first', 'user:anna' FROM recall WHERE key = $1`,
    [key, version],
  );
}

export interface Delivery {
  /** null: nobody knows whom */
  customer: string | null;
  item: string;
  kind: string;
  code: string;
  quantity: string | null;
  document: string | null;
  /** the code of the unit that was shipped, with this one in it */
  inside?: string;
}

export async function deliver(db: Db, key: string, version: number, deliveries: Delivery[]): Promise<void> {
  await db.asOwner(
    `INSERT INTO unit (batch_id, item_id, kind, code)
     SELECT DISTINCT 1, i.item_id, d.kind, d.code FROM jsonb_to_recordset($1::jsonb) AS d(item text, kind text, code text)
       JOIN item i ON i.code = d.item ON CONFLICT DO NOTHING`,
    [JSON.stringify(deliveries)],
  );
  // Ten thousand rows that the planner has never seen would be joined row by row.
  if (deliveries.length > 1_000) await db.asOwner('ANALYZE unit, partner, item');
  const [have] = await db.asOwner<{ n: number }>(
    'SELECT count(*)::int AS n FROM recall_delivery JOIN recall USING (recall_id) WHERE key = $1',
    [key],
  );
  await db.asOwner(
    `INSERT INTO recall_delivery (recall_id, delivery_no, unit_id, inside_id, partner_id, event_id, document, at, quantity, certain, version_in)
     SELECT r.recall_id, $5 + row_number() OVER (),
            u.unit_id, o.unit_id, p.partner_id, 1, d.document, '2026-03-02T08:00:00Z', d.quantity, true, $3
       FROM recall r, jsonb_to_recordset($2::jsonb)
         AS d(customer text, item text, kind text, code text, quantity numeric, document text, inside text)
       JOIN item i ON i.code = d.item JOIN unit u ON u.item_id = i.item_id AND u.code = d.code
       LEFT JOIN (SELECT unit_id, code FROM unit WHERE code = ANY ($4::text[])) o ON o.code = d.inside
       LEFT JOIN partner p ON p.code = d.customer
      WHERE r.key = $1`,
    [key, JSON.stringify(deliveries), version, deliveries.flatMap(({ inside }) => inside ?? []), have?.n ?? 0],
  );
}
