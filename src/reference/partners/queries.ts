import type { Queryable } from '@/platform/db';
import type { PartnerBody } from './domain/partner';
import type { PartnerView } from './http/dto';

export interface Partner {
  partnerId: number;
  code: string;
  name: string;
  kind: string;
  email: string | null;
  phone: string | null;
  address: string | null;
  country: string | null;
}

const PARTNER = 'partner_id AS "partnerId", code, name, kind, email, phone, address, country';

/** Partners by code; unknown codes are left out. */
export async function partnersByCode(q: Queryable, codes: readonly string[]): Promise<Map<string, Partner>> {
  const rows = await q.query<Partner>(`SELECT ${PARTNER} FROM partner WHERE code = ANY ($1)`, [codes]);
  return new Map(rows.map((row) => [row.code, row]));
}

export async function partnersById(q: Queryable, ids: readonly number[]): Promise<Map<number, Partner>> {
  const rows = await q.query<Partner>(`SELECT ${PARTNER} FROM partner WHERE partner_id = ANY ($1)`, [ids]);
  return new Map(rows.map((row) => [row.partnerId, row]));
}

/** Partners whose code starts with `text` (escaped for LIKE), or whose name holds it, by code. */
export function findPartners(q: Queryable, text: string, after: string, limit: number): Promise<Partner[]> {
  return q.query<Partner>(
    `SELECT ${PARTNER} FROM partner
     WHERE ($1 = '' OR lower(code) LIKE lower($1) || '%' OR name ILIKE '%' || $1 || '%') AND code > $2
     ORDER BY code LIMIT $3`,
    [text, after, limit],
  );
}

export function bodyOfPartner(partner: Partner): PartnerBody {
  const { name, kind, email, phone, address, country } = partner;
  return {
    name,
    kind,
    ...(email && { email }),
    ...(phone && { phone }),
    ...(address && { address }),
    ...(country && { country }),
  };
}

export function viewPartner({ partnerId: _, code, ...rest }: Partner): PartnerView {
  return { partner: code, ...rest };
}
