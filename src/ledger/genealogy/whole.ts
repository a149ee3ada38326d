/**
 * The whole genealogy at a position as queries for binary COPY: millions of rows go to whoever keeps them in memory as fast as
 * the database gives them. COPY takes no parameters; a position is a number, checked here.
 */
import type { Role } from '../domain/draft';

/** The roles of movements, by the number that stands for them in a copy. */
export const COPIED_ROLES: readonly Role[] = [
  'made',
  'used',
  'installed',
  'removed',
  'moved-out',
  'moved-in',
  'shipped',
  'returned',
  'scrapped',
  'packed',
  'unpacked',
  'counted',
  'adjusted',
  'expected',
  'cleaned-out',
  'parent',
];
export const COPIED_KINDS = ['serial', 'lot', 'run'] as const;
export const COPIED_CAUSES = ['removed', 'implied', 'reopened', 'voided', 'orphan', 'matched'] as const;

const numberOf = (column: string, words: readonly string[]): string =>
  `(CASE ${column} ${words.map((word, i) => `WHEN '${word}' THEN ${i}`).join(' ')} ELSE -1 END)::int4`;

/** Added to a role's number where what moved was in a container, and nobody knows how much of it there was, or where. */
export const IN_CONTAINER = 64;

/** Nanos where they fit into 64 bits; `is_wide` says that they do not. */
const NANOS = `CASE WHEN f.quantity <= 9223372036.854775807 THEN (f.quantity * 1000000000)::int8 END`;
const IS_WIDE = `(f.quantity > 9223372036.854775807) IS TRUE`;

function seen(position: number): string {
  if (!Number.isSafeInteger(position) || position < 0) throw new RangeError(`${position} is no ledger position.`);
  return `JOIN ledger_position p ON p.batch_id = f.batch_id AND p.position <= ${position}
    WHERE f.event_id NOT IN (SELECT v.event_id FROM event_void v
                               JOIN ledger_position vp ON vp.batch_id = v.batch_id AND vp.position <= ${position})`;
}

/** unit_id int4, item_id int4, kind int4 (COPIED_KINDS), code text; by unit_id. */
export function copyUnits(position: number): string {
  return `SELECT u.unit_id, u.item_id, ${numberOf('u.kind', COPIED_KINDS)}, u.code FROM unit u
    JOIN ledger_position p ON p.batch_id = u.batch_id AND p.position <= ${position} ORDER BY u.unit_id`;
}

/** link_id int8, event_id int8, input int4, output int4, mode int2, certain bool, from, stated until, sure from, sure until int8, nanos int8 */
export function copyLinks(position: number): string {
  return `SELECT f.link_id, f.event_id, f.input, f.output, f.mode, f.certain, f.from_ms, f.stated_until_ms, f.sure_from_ms,
    f.sure_until_ms, ${NANOS} FROM link f ${seen(position)}`;
}

/** link_id int8, cause int4 (COPIED_CAUSES), from, until, sure until, maybe until int8: the end that holds at the position, one a link */
export function copyEnds(position: number): string {
  return `SELECT DISTINCT ON (e.link_id) e.link_id, ${numberOf('e.cause', COPIED_CAUSES)}, e.from_ms, e.until_ms, e.sure_until_ms,
    e.maybe_until_ms FROM link_end e JOIN ledger_position p ON p.batch_id = e.batch_id AND p.position <= ${position}
    ORDER BY e.link_id, e.link_end_id DESC`;
}

/** movement_id int8, event_id int8, unit_id int4, role int4 (COPIED_ROLES, + IN_CONTAINER), at_from, at_until int8, nanos int8, is_wide bool, place_id, partner_id int4, document text (shipments), or what it went into or came out of (copiedSeat) */
export function copyMovements(position: number): string {
  return `SELECT f.movement_id, f.event_id, f.unit_id,
    ${numberOf('f.role', COPIED_ROLES)} + CASE WHEN f.container_id IS NOT NULL AND (f.quantity IS NULL OR f.place_id IS NULL) THEN ${IN_CONTAINER} ELSE 0 END, f.at_from, f.at_until, ${NANOS}, ${IS_WIDE},
    f.place_id, f.partner_id, 
    CASE WHEN f.role = 'shipped' THEN f.document WHEN f.parents IS NOT NULL THEN concat(array_to_string(f.parents, ','), '/', f.slot) END FROM movement f ${seen(position)}
    AND (NOT f.carried OR NOT EXISTS (SELECT FROM movement_end me JOIN ledger_position mep
         ON mep.batch_id = me.batch_id AND mep.position <= ${position} WHERE me.movement_id = f.movement_id))
    AND f.role IN (${COPIED_ROLES.map((r) => `'${r}'`).join(', ')})`;
}

/** What a copied movement of a lot says of where it went in or came out. */
export function copiedSeat(text: string): { parents: number[]; slot: string | null } {
  const at = text.indexOf('/');
  return { parents: text.slice(0, at).split(',').map(Number), slot: text.slice(at + 1) || null };
}

/** unit_id int4, at int8, released int8, reason text */
export function copyHolds(position: number): string {
  return `SELECT f.unit_id, f.at_ms,
    (SELECT min(r.at_ms) FROM hold_release r JOIN ledger_position rp ON rp.batch_id = r.batch_id AND rp.position <= ${position}
      WHERE r.hold_id = f.hold_id
        AND NOT EXISTS (SELECT FROM event_void rv JOIN ledger_position rvp ON rvp.batch_id = rv.batch_id AND rvp.position <= ${position}
                         WHERE rv.event_id = r.event_id)), f.reason FROM hold f ${seen(position)}`;
}

/** unit_id int4, expires int8: when each unit expires that does, as `expiryOf` has it */
export function copyExpiries(position: number): string {
  return `SELECT f.unit_id, coalesce((array_agg(f.expires_ms ORDER BY f.at_from DESC, f.movement_id DESC) FILTER (WHERE f.role = 'amended'))[1],
    min(f.expires_ms)) FROM movement f ${seen(position)} AND f.expires_ms IS NOT NULL
    AND (NOT f.carried OR NOT EXISTS (SELECT FROM movement_end me JOIN ledger_position mep
         ON mep.batch_id = me.batch_id AND mep.position <= ${position} WHERE me.movement_id = f.movement_id)) GROUP BY f.unit_id`;
}
