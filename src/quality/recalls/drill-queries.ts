/** Lots that a drill may begin with. */
import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';

/** Those that reach furthest: a drill of a lot that went nowhere shows nothing. */
const WIDEST_MAX = 100;
/** Of one supplier, or of one time: the newest. */
const CANDIDATES_MAX = 50_000;

export interface Candidate {
  unitId: number;
  item: string;
  code: string;
}

const LOT = `SELECT u.unit_id AS "unitId", i.code AS item, u.code FROM unit u JOIN item i USING (item_id)`;

/** The lots with the largest blast radius, by the last finished run. Throws BLAST_NOT_DONE. */
export async function widestLots(q: Queryable): Promise<Candidate[]> {
  const [run] = await q.query<{ no: number }>(
    `SELECT run_no AS no FROM blast_run WHERE status = 'done' ORDER BY run_no DESC LIMIT 1`,
  );
  if (!run) throw new DomainError('BLAST_NOT_DONE');
  return q.query<Candidate>(
    `${LOT} JOIN (SELECT unit_id FROM blast_lot WHERE run_no = $1 AND finished > 0 ORDER BY finished DESC, unit_id DESC LIMIT ${WIDEST_MAX}) b
       USING (unit_id) ORDER BY u.unit_id`,
    [run.no],
  );
}

/** Lots that a supplier delivered. Throws NOT_FOUND. */
export async function lotsOfSupplier(q: Queryable, supplier: string): Promise<Candidate[]> {
  const [partner] = await q.query<{ id: number }>(`SELECT partner_id AS id FROM partner WHERE code = $1`, [supplier]);
  if (!partner) throw new DomainError('NOT_FOUND', { what: 'supplier', key: supplier });
  return q.query<Candidate>(
    `${LOT} WHERE u.kind = 'lot' AND u.unit_id IN (SELECT h.unit_id FROM holding h WHERE h.supplier_id = $1)
      ORDER BY u.unit_id DESC LIMIT ${CANDIDATES_MAX}`,
    [partner.id],
  );
}

/** Lots that were received or made in a time: ms UTC, half-open. */
export function lotsMade(q: Queryable, from: number, until: number): Promise<Candidate[]> {
  return q.query<Candidate>(
    `${LOT} WHERE u.kind = 'lot' AND u.unit_id IN (
        SELECT m.unit_id FROM movement m WHERE m.role = 'made' AND m.at_from >= $1 AND m.at_from < $2
           AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id))
      ORDER BY u.unit_id DESC LIMIT ${CANDIDATES_MAX}`,
    [from, until],
  );
}

export interface DrillPlan {
  recall: string;
  by: string;
  seed: string;
  candidates: number;
  standard: string;
  rules: unknown;
  lot: { id: string; item: string; lot: string };
  plannedBy: string;
  plannedAt: Date;
}

/** How the lot of a drill was picked; undefined where it was opened by hand. */
export async function drillPlan(q: Queryable, recallId: number): Promise<DrillPlan | undefined> {
  const [row] = await q.query<DrillPlan>(
    `SELECT r.key AS recall, d.picked_by AS by, d.seed, d.candidates, d.standard, d.rules, d.planned_by AS "plannedBy", d.planned_at AS "plannedAt",
            jsonb_build_object('id', 'u' || u.unit_id, 'item', i.code, 'lot', u.code) AS lot
       FROM recall_drill d JOIN recall r USING (recall_id) JOIN unit u USING (unit_id) JOIN item i USING (item_id) WHERE d.recall_id = $1`,
    [recallId],
  );
  return row;
}
