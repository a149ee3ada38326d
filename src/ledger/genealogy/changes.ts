/** What happened to the genealogy between two positions: the feed of whoever keeps it in memory. Nothing that was committed is missed. */
import type { Queryable } from '@/platform/db';
import { inBatches } from './at-position';
import type { LinkHistory, Making } from './link-versions';
import type { LinkEnd, LinkEndCause } from './links';

export interface LinkChange {
  history: LinkHistory;
  /** makings of the input, where the link consumes it */
  makings: Making[];
}

export interface GenealogyChanges {
  /** links that are new, ended, voided, or whose input was made at another time than was known */
  links: LinkChange[];
  /** units of whose record something changed, with the first position above `from` that did */
  units: Map<number, number>;
}

interface At {
  position: number;
}

/** The changes at positions above `from` and up to `until`. */
export async function changesBetween(q: Queryable, from: number, until: number): Promise<GenealogyChanges> {
  const range = [from, until];
  const events = await q.query<{ event_id: number } & At>(
    `SELECT e.event_id, p.position FROM ledger_position p JOIN event e USING (batch_id)
      WHERE p.position > $1 AND p.position <= $2`,
    range,
  );
  const voids = await q.query<{ event_id: number } & At>(
    `SELECT v.event_id, p.position FROM ledger_position p JOIN event_void v USING (batch_id)
      WHERE p.position > $1 AND p.position <= $2`,
    range,
  );
  const ends = await q.query<{ link_id: number; input: number; output: number } & At>(
    `SELECT e.link_id, l.input, l.output, p.position FROM ledger_position p JOIN link_end e USING (batch_id) JOIN link l USING (link_id)
      WHERE p.position > $1 AND p.position <= $2`,
    range,
  );
  const releases = await q.query<{ unit_id: number } & At>(
    `SELECT h.unit_id, p.position FROM ledger_position p JOIN hold_release r USING (batch_id) JOIN hold h USING (hold_id)
      WHERE p.position > $1 AND p.position <= $2`,
    range,
  );
  // Inherited from what turned out later to have been held: under a split that may be long known.
  const holds = await q.query<{ unit_id: number } & At>(
    `SELECT h.unit_id, p.position FROM ledger_position p JOIN hold h USING (batch_id)
      WHERE h.copy_of IS NOT NULL AND p.position > $1 AND p.position <= $2`,
    range,
  );
  // What containers carried along, or turned out not to have: under the event that moved them, which may be long known.
  const carried = await q.query<{ unit_id: number } & At>(
    `SELECT m.unit_id, p.position FROM ledger_position p JOIN movement m USING (batch_id)
      WHERE m.carried AND p.position > $1 AND p.position <= $2
     UNION ALL
     SELECT m.unit_id, p.position FROM ledger_position p JOIN movement_end e USING (batch_id) JOIN movement m USING (movement_id)
      WHERE p.position > $1 AND p.position <= $2`,
    range,
  );
  const positionOf = new Map<number, number>();
  for (const e of [...events, ...voids])
    positionOf.set(e.event_id, Math.min(e.position, positionOf.get(e.event_id) ?? Infinity));
  const units = new Map<number, number>();
  const touched = (unit: number, position: number) => {
    const known = units.get(unit);
    if (known === undefined || position < known) units.set(unit, position);
  };
  const linkIds = new Set<number>();
  for (const e of ends) {
    linkIds.add(e.link_id);
    touched(e.input, e.position);
    touched(e.output, e.position);
  }
  for (const c of carried) touched(c.unit_id, c.position);
  for (const r of [...releases, ...holds]) touched(r.unit_id, r.position);
  const made = new Set<number>();
  const ids = [...positionOf.keys()];
  await inBatches(ids, async (batch) => {
    const links = await q.query<{ link_id: number; event_id: number; input: number; output: number }>(
      'SELECT link_id, event_id, input, output FROM link WHERE event_id = ANY ($1::bigint[])',
      [batch],
    );
    for (const l of links) {
      linkIds.add(l.link_id);
      touched(l.input, positionOf.get(l.event_id)!);
      touched(l.output, positionOf.get(l.event_id)!);
    }
    const movements = await q.query<{ unit_id: number; event_id: number; made: boolean }>(
      `SELECT unit_id, event_id, role = 'made' AS made FROM movement WHERE event_id = ANY ($1::bigint[])`,
      [batch],
    );
    for (const m of movements) {
      touched(m.unit_id, positionOf.get(m.event_id)!);
      if (m.made) made.add(m.unit_id);
    }
    const held = await q.query<{ unit_id: number; event_id: number }>(
      'SELECT unit_id, event_id FROM hold WHERE event_id = ANY ($1::bigint[])',
      [batch],
    );
    for (const h of held) touched(h.unit_id, positionOf.get(h.event_id)!);
  });
  if (voids.length > 0) {
    const freed = await q.query<{ unit_id: number; event_id: number }>(
      `SELECT h.unit_id, r.event_id FROM hold_release r JOIN hold h USING (hold_id) WHERE r.event_id = ANY ($1::bigint[])`,
      [voids.map((v) => v.event_id)],
    );
    for (const f of freed) touched(f.unit_id, positionOf.get(f.event_id)!);
  }
  return { links: await linkChanges(q, until, linkIds, made), units };
}

/** The histories of these links, and of the consumptions that a changed making of their input can move. */
async function linkChanges(
  q: Queryable,
  position: number,
  linkIds: Set<number>,
  made: ReadonlySet<number>,
): Promise<LinkChange[]> {
  const makings = new Map<number, Making[]>();
  await readMakings(q, position, [...made], makings);
  const moved = [...makings].map(([unit, own]) => [unit, Math.max(...own.map((m) => m.at))] as const);
  await inBatches(moved, async (batch) => {
    const early = await q.query<{ link_id: number }>(
      `SELECT l.link_id FROM unnest($1::int[], $2::bigint[]) AS u (unit_id, made) JOIN link l ON l.input = u.unit_id
        WHERE l.mode = 0 AND greatest(l.stated_until_ms, l.from_ms + 1) <= u.made`,
      [batch.map(([unit]) => unit), batch.map(([, at]) => at)],
    );
    for (const l of early) linkIds.add(l.link_id);
  });
  const histories = await readHistories(q, position, [...linkIds]);
  const consumed = new Set(histories.filter((h) => h.link.mode === 0).map((h) => h.link.input));
  await readMakings(
    q,
    position,
    [...consumed].filter((unit) => !makings.has(unit)),
    makings,
  );
  return histories.map((history) => ({ history, makings: makings.get(history.link.input) ?? [] }));
}

async function readMakings(
  q: Queryable,
  position: number,
  units: readonly number[],
  into: Map<number, Making[]>,
): Promise<void> {
  await inBatches(units, async (batch) => {
    const rows = await q.query<{ unit_id: number; at_from: number; born: number; voided: number | null }>(
      `SELECT m.unit_id, m.at_from, mp.position AS born, vp.position AS voided
         FROM movement m JOIN ledger_position mp ON mp.batch_id = m.batch_id AND mp.position <= $1
         LEFT JOIN event_void v ON v.event_id = m.event_id
         LEFT JOIN ledger_position vp ON vp.batch_id = v.batch_id AND vp.position <= $1
        WHERE m.role = 'made' AND m.unit_id = ANY ($2::int[])`,
      [position, batch],
    );
    for (const r of rows) {
      const making = { at: r.at_from, born: r.born, voided: r.voided ?? Infinity };
      const own = into.get(r.unit_id);
      if (own) own.push(making);
      else into.set(r.unit_id, [making]);
    }
  });
}

async function readHistories(q: Queryable, position: number, linkIds: readonly number[]): Promise<LinkHistory[]> {
  const found: LinkHistory[] = [];
  await inBatches(linkIds, async (batch) => {
    const rows = await q.query<{
      link_id: number;
      event_id: number;
      input: number;
      output: number;
      mode: 0 | 1;
      certain: boolean;
      from_ms: number | null;
      stated_until_ms: number | null;
      sure_from_ms: number | null;
      sure_until_ms: number | null;
      quantity: string | null;
      slot: string | null;
      born: number;
      voided: number | null;
    }>(
      `SELECT l.link_id, l.event_id, l.input, l.output, l.mode, l.certain, l.from_ms, l.stated_until_ms, l.sure_from_ms,
              l.sure_until_ms, l.quantity, l.slot, lp.position AS born, vp.position AS voided
         FROM link l JOIN ledger_position lp ON lp.batch_id = l.batch_id AND lp.position <= $1
         LEFT JOIN event_void v ON v.event_id = l.event_id
         LEFT JOIN ledger_position vp ON vp.batch_id = v.batch_id AND vp.position <= $1
        WHERE l.link_id = ANY ($2::bigint[])`,
      [position, batch],
    );
    const endRows = await q.query<{
      link_id: number;
      position: number;
      cause: LinkEndCause;
      from_ms: number | null;
      until_ms: number | null;
      sure_until_ms: number | null;
      maybe_until_ms: number | null;
    }>(
      `SELECT e.link_id, p.position, e.cause, e.from_ms, e.until_ms, e.sure_until_ms, e.maybe_until_ms
         FROM link_end e JOIN ledger_position p ON p.batch_id = e.batch_id AND p.position <= $1
        WHERE e.link_id = ANY ($2::bigint[]) ORDER BY e.link_id, e.link_end_id`,
      [position, batch],
    );
    const ends = new Map<number, { position: number; end: LinkEnd }[]>();
    for (const e of endRows) {
      const end = {
        cause: e.cause,
        from: e.from_ms,
        until: e.until_ms,
        sureUntil: e.sure_until_ms,
        maybeUntil: e.maybe_until_ms,
      };
      const own = ends.get(e.link_id);
      if (own) own.push({ position: e.position, end });
      else ends.set(e.link_id, [{ position: e.position, end }]);
    }
    for (const r of rows) {
      const { link_id: linkId, event_id: eventId, input, output, mode, certain, quantity, slot } = r;
      found.push({
        link: {
          linkId,
          eventId,
          input,
          output,
          mode,
          certain,
          from: r.from_ms,
          statedUntil: r.stated_until_ms,
          sureFrom: r.sure_from_ms,
          sureUntil: r.sure_until_ms,
          quantity,
          slot,
        },
        born: r.born,
        voided: r.voided ?? Infinity,
        ends: ends.get(linkId) ?? [],
      });
    }
  });
  return found;
}
