import { formatDecimal, parseDecimal } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import { NO_TERMS, type OrderKind, type Strategy, type Terms } from '../domain/order';

interface TermsRow {
  over_percent: string | null;
  short_percent: string | null;
  life_days_min: number | null;
  strategy: Strategy | null;
}

const nano = (text: string | null) => (text === null ? null : parseDecimal(text));
const decimal = (n: bigint | null) => (n === null ? null : formatDecimal(n));

function terms(r: TermsRow): Terms {
  return {
    overPercent: nano(r.over_percent),
    shortPercent: nano(r.short_percent),
    lifeDaysMin: r.life_days_min,
    strategy: r.strategy,
  };
}

export async function partnerTerms(q: Queryable, partnerId: number | null): Promise<Terms> {
  const [row] =
    partnerId === null
      ? []
      : await q.query<TermsRow>(
          `SELECT over_percent, short_percent, life_days_min, strategy FROM partner_terms WHERE partner_id = $1`,
          [partnerId],
        );
  return row ? terms(row) : NO_TERMS;
}

export async function putPartnerTerms(tx: Tx, partnerId: number, t: Terms): Promise<void> {
  await tx.query(
    `INSERT INTO partner_terms (partner_id, over_percent, short_percent, life_days_min, strategy) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (partner_id) DO UPDATE SET over_percent = excluded.over_percent, short_percent = excluded.short_percent,
       life_days_min = excluded.life_days_min, strategy = excluded.strategy`,
    [partnerId, decimal(t.overPercent), decimal(t.shortPercent), t.lifeDaysMin, t.strategy],
  );
}

/** A line of an order, as a key. */
export const lineKey = (number: string, line: string): string => `${number}\u001f${line}`;

export async function lineTerms(
  q: Queryable,
  kind: OrderKind,
  numbers: readonly string[],
): Promise<Map<string, Terms>> {
  const rows = await q.query<TermsRow & { number: string; line: string }>(
    `SELECT number, line, over_percent, short_percent, life_days_min, strategy FROM order_line_terms WHERE kind = $1 AND number = ANY ($2)`,
    [kind, numbers],
  );
  return new Map(rows.map((r) => [lineKey(r.number, r.line), terms(r)]));
}

/** The terms of all lines of an order, in the place of those before. */
export async function putLineTerms(
  tx: Tx,
  kind: OrderKind,
  number: string,
  lines: ReadonlyMap<string, Terms>,
): Promise<void> {
  await tx.query(`DELETE FROM order_line_terms WHERE kind = $1 AND number = $2`, [kind, number]);
  const rows = [...lines].filter(([, t]) => Object.values(t).some((v) => v !== null));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO order_line_terms (kind, number, line, over_percent, short_percent, life_days_min, strategy)
     SELECT $1, $2, r.line, r.over, r.short, r.life, r.strategy
       FROM jsonb_to_recordset($3::jsonb) AS r(line text, over numeric, short numeric, life int, strategy text)`,
    [
      kind,
      number,
      JSON.stringify(
        rows.map(([line, t]) => ({
          line,
          over: decimal(t.overPercent),
          short: decimal(t.shortPercent),
          life: t.lifeDaysMin,
          strategy: t.strategy,
        })),
      ),
    ],
  );
}

// ------------------------------------------------------------ closed lines

/** Reasons by line; the line '' is the whole order. */
export async function closures(
  q: Queryable,
  kind: OrderKind,
  numbers: readonly string[],
): Promise<Map<string, string>> {
  const rows = await q.query<{ number: string; line: string; reason: string }>(
    `SELECT number, line, reason FROM order_closure WHERE kind = $1 AND number = ANY ($2) AND reopened_at IS NULL`,
    [kind, numbers],
  );
  return new Map(rows.map((r) => [lineKey(r.number, r.line), r.reason]));
}

/** Closes a line ('' the whole order); one that is closed stays as it is. */
export async function closeLine(tx: Tx, kind: OrderKind, number: string, line: string, reason: string): Promise<void> {
  await tx.query(
    `INSERT INTO order_closure (kind, number, line, reason, closed_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (kind, number, line) WHERE reopened_at IS NULL DO NOTHING`,
    [kind, number, line, reason, tx.ctx.actor],
  );
}

/** Opens the whole order again, or some lines of it. */
export async function reopen(tx: Tx, kind: OrderKind, number: string, lines: readonly string[] | null): Promise<void> {
  await tx.query(
    `UPDATE order_closure SET reopened_at = now()
      WHERE kind = $1 AND number = $2 AND reopened_at IS NULL AND ($3::text[] IS NULL OR line = ANY ($3) OR line = '')`,
    [kind, number, lines],
  );
}
