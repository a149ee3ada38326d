/** Finds units, events, documents and whatever else has a number, by any part of it, within a bounded time. */
import { DomainError, formatTime } from '@/kernel';
import { Context, escapeLike, Queryable, UnitOfWork } from '@/platform/db';
import { UnitKind } from '../domain/event-shapes';
import {
  fieldMark,
  isLong,
  LETTERS_MIN,
  rarePart,
  searchWords,
  trigramsOf,
  Why,
  whyFound,
} from '../domain/search-words';
import { unitRef, UnitRef } from '../queries';

export const SEARCH_TYPES = ['unit', 'event', 'document', 'container', 'item', 'place', 'partner'] as const;
export type SearchType = (typeof SEARCH_TYPES)[number];

export interface SearchQuestion {
  text: string;
  types: readonly SearchType[];
  /** ms UTC, half-open; null: open */
  from: number | null;
  until: number | null;
  item: string | null;
  partner: string | null;
  limit: number;
  /** no statement takes longer */
  msMax: number;
}

export interface Hit {
  type: SearchType;
  /** `u12`, `e12`, else the code or number */
  id: string;
  label: string;
  unit?: UnitRef;
  at: string | null;
  why: Why[];
}

export interface HitGroup {
  type: SearchType;
  /** how many were found, counted up to COUNT_MAX */
  count: number;
  more: boolean;
  data: Hit[];
}

export interface SearchAnswer {
  words: string[];
  groups: HitGroup[];
  /** what was too common to be looked through in time, and what to do about it */
  truncated: { types: SearchType[]; say: string } | null;
}

/**
 * Hits are counted up to here; above, the answer says "more than". Of more than these any may be shown: to know the newest of all
 * that have four common digits would be to read thousands of rows, each in another place.
 */
const COUNT_MAX = 100;
const NAMES_MAX = 50;
const READER: Context = { actor: 'system:search', source: 'system:search' };

interface Limits {
  item: number | null;
  partner: { id: number; code: string } | null;
  from: number | null;
  until: number | null;
}

interface Found {
  hits: Hit[];
  count: number;
}

type Find = (q: Queryable, words: readonly Word[], limits: Limits, limit: number) => Promise<Found>;

/** A word, and the items and partners that it may mean: those are found by name, wherever they are named by code. */
interface Word {
  word: string;
  /** what of it the index is asked for: without the letters that begin or end very many numbers */
  rare: string;
  items: readonly number[];
  partners: readonly string[];
}

export async function search(db: Queryable, uow: UnitOfWork, question: SearchQuestion): Promise<SearchAnswer> {
  const words = searchWords(question.text);
  const limits = await limitsOf(db, question);
  if (
    words.length === 0 &&
    limits.item === null &&
    limits.partner === null &&
    limits.from === null &&
    limits.until === null
  )
    throw new DomainError('SEARCH_EMPTY', {});
  // By the connection that asks first: none that is held is to wait for a further one.
  let meanings: Promise<Word[]> | undefined;
  const meant = (q: Queryable) => (meanings ??= meaningsOf(q, words));
  const truncated: SearchType[] = [];
  const groups = await Promise.all(
    question.types.map(async (type): Promise<HitGroup> => {
      let near: Found | null = null;
      const found = await bounded(uow, question.msMax, async (q) => {
        near = await atOnce(q, type, words, limits, question.limit);
        // Where more begin with it than are counted, nothing that has it elsewhere would be shown.
        return near.count > COUNT_MAX ? near : FIND[type](q, await meant(q), limits, question.limit);
      });
      if (found === null) truncated.push(type);
      const begins: Found = near ?? NOTHING;
      const hits = merged(begins.hits, found?.hits ?? [], question.limit);
      const count = Math.max(hits.length, found?.count ?? 0, begins.count);
      return { type, count: Math.min(count, COUNT_MAX), more: count > COUNT_MAX || found === null, data: hits };
    }),
  );
  const say = `"${words.join(' ')}" is in too much to be looked through in ${question.msMax} ms (SEARCH_MS_MAX): type more of the number, or narrow it by item, partner or dates. Numbers that begin with it are shown.`;
  return {
    words,
    groups: groups.filter((g) => g.count > 0 || g.more),
    truncated: truncated.length > 0 ? { types: truncated, say } : null,
  };
}

async function limitsOf(q: Queryable, { item, partner, from, until }: SearchQuestion): Promise<Limits> {
  const [i] =
    item === null ? [] : await q.query<{ item_id: number }>('SELECT item_id FROM item WHERE code = $1', [item]);
  if (item !== null && !i) throw new DomainError('UNKNOWN_ITEM', { item });
  const [p] =
    partner === null
      ? []
      : await q.query<{ partner_id: number; code: string }>('SELECT partner_id, code FROM partner WHERE code = $1', [
          partner,
        ]);
  if (partner !== null && !p) throw new DomainError('UNKNOWN_PARTNER', { partner });
  return { item: i?.item_id ?? null, partner: p ? { id: p.partner_id, code: p.code } : null, from, until };
}

/** Runs a read that may take too long: null where it was cut off. */
async function bounded<T>(uow: UnitOfWork, msMax: number, read: (q: Queryable) => Promise<T>): Promise<T | null> {
  try {
    return await uow.run(
      READER,
      async (tx) => {
        await tx.query(`SET LOCAL statement_timeout = ${Math.ceil(msMax)}`);
        return read(tx);
      },
      { readOnly: true },
    );
  } catch (error) {
    if ((error as { code?: string }).code === '57014') return null;
    throw error;
  }
}

async function meaningsOf(q: Queryable, words: readonly string[]): Promise<Word[]> {
  const meant: Word[] = [];
  for (const word of words) meant.push(await meaning(q, word));
  return meant;
}

async function meaning(q: Queryable, word: string): Promise<Word> {
  if (word.length < LETTERS_MIN) return { word, rare: word, items: [], partners: [] };
  const trigrams = trigramsOf(word);
  // The sample of the texts is the planner's own: made by ANALYZE, and none at first.
  const [row] = await q.query<{ items: number[]; partners: string[]; shares: [string, number][] | null }>(
    `SELECT ARRAY(SELECT item_id FROM item WHERE code ILIKE $1 OR name ILIKE $1 OR category ILIKE $1 OR gtin LIKE $1 LIMIT ${NAMES_MAX + 1}) AS items,
            ARRAY(SELECT code FROM partner WHERE name ILIKE $1 AND code NOT ILIKE $1 LIMIT ${NAMES_MAX + 1}) AS partners,
            (SELECT jsonb_agg(jsonb_build_array(t, share)) FROM (
               SELECT t, avg((b ILIKE '%' || t || '%')::int) AS share
                 FROM unnest($2::text[]) t, (SELECT b FROM pg_stats s, unnest(s.histogram_bounds::text::text[]) WITH ORDINALITY AS x (b, n)
                                              WHERE s.schemaname = current_schema() AND s.tablename = 'search_unit' AND s.attname = 'text' AND n % ${SAMPLE_EVERY} = 0) x
                GROUP BY t) x) AS shares`,
    [`%${escapeLike(word)}%`, trigrams.length < SAMPLED_MIN ? [] : trigrams],
  );
  const { items, partners, shares } = row!;
  // What so many names have in it tells nothing.
  return {
    word,
    rare: rarePart(word, new Map(shares)),
    items: items.length > NAMES_MAX ? [] : items,
    partners: partners.length > NAMES_MAX ? [] : partners,
  };
}

/** Of a number typed whole, or nearly, some may be common and the others still suffice. */
const SAMPLED_MIN = 6;
/** Of the sample of a thousand texts every so many-th is looked at. */
const SAMPLE_EVERY = 5;

/** Builds a WHERE clause, and keeps its parameters. */
class Where {
  readonly params: unknown[] = [];
  private readonly parts: string[] = [];

  param(value: unknown): string {
    this.params.push(value);
    return `$${this.params.length}`;
  }

  and(part: string): void {
    this.parts.push(part);
  }

  /** All words: in the text, or what they mean by name. `items`: the column of the item, where rows have one. */
  words(words: readonly Word[], text: string, items?: string): void {
    for (const { word, rare, items: ids, partners } of words) {
      const has = (part: string, of: string) => `${of} ILIKE ${this.param(`%${escapeLike(part)}%`)}`;
      // The index is asked for what is rare in the word; the whole of it is looked for in the texts that this finds.
      const either = [rare === word ? has(word, text) : `(${has(rare, text)} AND ${has(word, `(${text} || '')`)})`];
      if (items !== undefined && ids.length > 0) either.push(`${items} = ANY (${this.param(ids)}::int[])`);
      for (const code of partners)
        either.push(`${text} LIKE ${this.param(`%${fieldMark('partner')}${escapeLike(code)}%`)}`);
      this.and(`(${either.join(' OR ')})`);
    }
  }

  period(from: string, until: string, limits: Limits): void {
    if (limits.from !== null) this.and(`${until} > ${this.param(limits.from)}`);
    if (limits.until !== null) this.and(`${from} < ${this.param(limits.until)}`);
  }

  get sql(): string {
    return this.parts.length === 0 ? 'true' : this.parts.join(' AND ');
  }
}

interface UnitHit {
  unit_id: number;
  item: string;
  name: string;
  kind: UnitKind;
  code: string;
  text: string | null;
  at_ms: number | null;
}

function unitHit(r: UnitHit, words: readonly string[]): Hit {
  return {
    type: 'unit',
    id: `u${r.unit_id}`,
    label: `${r.name}, ${r.kind} ${r.code}`,
    unit: unitRef(r.item, r.kind, r.code),
    at: formatTime(r.at_ms),
    why: whyFound(r.text ?? fieldMark('code') + r.code, words),
  };
}

const texts = (words: readonly Word[]): string[] => words.map((w) => w.word);

const units: Find = async (q, words, limits, limit) => {
  // Words that are short are looked for among what the long ones find; alone they are looked for at the beginning.
  if (words.length > 0 && !words.some((w) => isLong(w.word))) return { hits: [], count: 0 };
  if (words.length === 0 && limits.item === null && limits.partner === null) return { hits: [], count: 0 };
  const where = new Where();
  where.words(words, 's.text', 's.item_id');
  if (limits.item !== null) where.and(`s.item_id = ${where.param(limits.item)}`);
  if (limits.partner !== null) {
    const partner = where.param(limits.partner.id);
    where.and(
      words.length > 0
        ? `EXISTS (SELECT FROM movement m WHERE m.unit_id = s.unit_id AND m.partner_id = ${partner})`
        : `s.unit_id IN (SELECT m.unit_id FROM movement m WHERE m.partner_id = ${partner})`,
    );
  }
  where.period('s.from_ms', 's.until_ms', limits);
  const rows = await q.query<UnitHit & { n: number }>(
    `WITH found AS MATERIALIZED (SELECT s.unit_id, s.text, s.from_ms FROM search_unit s WHERE ${where.sql} ${words.length > 0 ? '' : 'ORDER BY s.unit_id DESC'} LIMIT ${COUNT_MAX + 1})
     SELECT u.unit_id, i.code AS item, i.name, u.kind, u.code, f.text, f.from_ms AS at_ms, (SELECT count(*) FROM found) AS n
       FROM (SELECT * FROM found ORDER BY unit_id DESC LIMIT ${where.param(limit)}) f JOIN unit u USING (unit_id) JOIN item i ON i.item_id = u.item_id
      ORDER BY u.unit_id DESC`,
    where.params,
  );
  return { hits: rows.map((r) => unitHit(r, texts(words))), count: rows[0]?.n ?? 0 };
};

const events: Find = async (q, words, limits, limit) => {
  if (words.length > 0 && !words.some((w) => isLong(w.word))) return { hits: [], count: 0 };
  const where = new Where();
  where.words(words, 's.text');
  const involved = (column: string, id: number) =>
    where.and(
      `EXISTS (SELECT FROM movement m JOIN unit u USING (unit_id) WHERE m.event_id = s.event_id AND ${column} = ${where.param(id)})`,
    );
  if (limits.item !== null) involved('u.item_id', limits.item);
  if (limits.partner !== null) involved('m.partner_id', limits.partner.id);
  where.period('s.from_ms', 's.until_ms', limits);
  const order = words.length === 0 ? 'ORDER BY s.from_ms DESC' : '';
  const rows = await q.query<{
    event_id: number;
    type: string;
    text: string;
    from_ms: number;
    client_id: string;
    n: number;
  }>(
    `WITH found AS MATERIALIZED (SELECT s.* FROM search_event s WHERE ${where.sql} ${order} LIMIT ${COUNT_MAX + 1})
     SELECT f.event_id, f.type, f.text, f.from_ms, e.client_id, (SELECT count(*) FROM found) AS n
       FROM found f JOIN event e USING (event_id) ORDER BY f.event_id DESC LIMIT ${where.param(limit)}`,
    where.params,
  );
  const hits = rows.map((r) => ({
    type: 'event' as const,
    id: `e${r.event_id}`,
    label: `${r.type} ${r.client_id}`,
    at: formatTime(r.from_ms),
    why: whyFound(r.text, texts(words)),
  }));
  return { hits, count: rows[0]?.n ?? 0 };
};

function labels(type: 'document' | 'container'): Find {
  return async (q, words, limits, limit) => {
    if (words.length > 0 && !words.some((w) => isLong(w.word))) return { hits: [], count: 0 };
    const where = new Where();
    where.and(`s.type = ${where.param(type)}`);
    where.words(words, 's.text');
    if (limits.item !== null)
      where.and(
        `EXISTS (SELECT FROM movement m JOIN unit u USING (unit_id) WHERE lower(m.document) = lower(s.key) AND u.item_id = ${where.param(limits.item)})`,
      );
    if (limits.partner !== null)
      where.and(`s.text LIKE ${where.param(`%${fieldMark('partner')}${escapeLike(limits.partner.code)}%`)}`);
    where.period('s.from_ms', 's.until_ms', limits);
    const rows = await q.query<{ key: string; text: string; from_ms: number | null; n: number }>(
      `WITH found AS MATERIALIZED (SELECT s.* FROM search_label s WHERE ${where.sql} ${words.length > 0 ? '' : 'ORDER BY s.search_label_id DESC'} LIMIT ${COUNT_MAX + 1})
       SELECT f.key, f.text, f.from_ms, (SELECT count(*) FROM found) AS n FROM found f ORDER BY f.from_ms DESC LIMIT ${where.param(limit)}`,
      where.params,
    );
    const hits = rows.map((r) => ({
      type,
      id: r.key,
      label: r.key,
      at: formatTime(r.from_ms),
      why: whyFound(r.text, texts(words)),
    }));
    return { hits, count: rows[0]?.n ?? 0 };
  };
}

/** Master data: a few thousand rows, read as they are now. */
function master(type: 'item' | 'place' | 'partner', fields: readonly string[]): Find {
  return async (q, words, limits, limit) => {
    if (words.length === 0) return { hits: [], count: 0 };
    const where = new Where();
    for (const { word } of words) {
      const like = where.param(word.length < LETTERS_MIN ? `${escapeLike(word)}%` : `%${escapeLike(word)}%`);
      where.and(`(${fields.map((f) => `${f} ILIKE ${like}`).join(' OR ')})`);
    }
    if (type === 'item' && limits.item !== null) where.and(`item_id = ${where.param(limits.item)}`);
    if (type === 'partner' && limits.partner !== null) where.and(`partner_id = ${where.param(limits.partner.id)}`);
    const rows = await q.query<{ code: string; name: string; n: number }>(
      `WITH found AS MATERIALIZED (SELECT code, name FROM ${type} WHERE ${where.sql} ORDER BY code LIMIT ${COUNT_MAX + 1})
       SELECT code, name, (SELECT count(*) FROM found) AS n FROM found ORDER BY code LIMIT ${where.param(limit)}`,
      where.params,
    );
    const hits = rows.map((r) => {
      const text = `${fieldMark('code')}${r.code}${fieldMark('alias')}${r.name}`;
      return { type, id: r.code, label: `${r.code} ${r.name}`, at: null, why: whyFound(text, texts(words)) };
    });
    return { hits, count: rows[0]?.n ?? 0 };
  };
}

const FIND: Record<SearchType, Find> = {
  unit: units,
  event: events,
  document: labels('document'),
  container: labels('container'),
  item: master('item', ['code', 'name', 'category', 'gtin']),
  place: master('place', ['code', 'name', 'kind']),
  partner: master('partner', ['code', 'name', 'email', 'address', 'country']),
};

/**
 * What begins with a single word, from the facts themselves: an exact number is found at the moment it is recorded, and however
 * common the word is.
 */
async function atOnce(
  q: Queryable,
  type: SearchType,
  words: readonly string[],
  limits: Limits,
  limit: number,
): Promise<Found> {
  const [word, second] = words;
  if (word === undefined || second !== undefined) return NOTHING;
  const begins = `${escapeLike(word).toLowerCase()}%`;
  if (type === 'unit') {
    // What else narrows the question is known to the index of the search alone.
    if (limits.partner !== null || limits.from !== null || limits.until !== null) return NOTHING;
    const rows = await q.query<UnitHit & { n: number }>(
      `WITH own AS MATERIALIZED (SELECT unit_id FROM unit WHERE lower(code) LIKE $1 AND ($4::int IS NULL OR item_id = $4) ORDER BY lower(code) USING ~<~ LIMIT ${COUNT_MAX + 1})
       SELECT u.unit_id, i.code AS item, i.name, u.kind, u.code, f.text, s.from_ms AS at_ms, (SELECT count(*) FROM own) AS n
         FROM ((SELECT unit_id, NULL AS text FROM own LIMIT $2)
               UNION ALL (SELECT unit_id, $3 || alias FROM unit_alias WHERE lower(alias) LIKE $1 ORDER BY lower(alias) USING ~<~ LIMIT $2)) f
         JOIN unit u USING (unit_id) JOIN item i USING (item_id) LEFT JOIN search_unit s USING (unit_id)
        WHERE $4::int IS NULL OR u.item_id = $4
        ORDER BY (lower(u.code) = lower($5)) DESC, u.code LIMIT $2`,
      [begins, limit, fieldMark('alias'), limits.item, word],
    );
    return { hits: rows.map((r) => unitHit(r, words)), count: rows[0]?.n ?? 0 };
  }
  if (type === 'document' && limits.partner === null && limits.item === null) {
    const rows = await q.query<{ key: string; text: string; from_ms: number | null; until_ms: number | null }>(
      `SELECT key, text, from_ms, until_ms FROM search_label WHERE type = 'document' AND lower(key) LIKE $1
          AND ($2::bigint IS NULL OR until_ms > $2) AND ($3::bigint IS NULL OR from_ms < $3) ORDER BY lower(key) USING ~<~ LIMIT ${COUNT_MAX + 1}`,
      [begins, limits.from, limits.until],
    );
    const hits = rows.slice(0, limit).map((r) => ({
      type: 'document' as const,
      id: r.key,
      label: r.key,
      at: formatTime(r.from_ms),
      why: whyFound(r.text, words),
    }));
    return { hits, count: rows.length };
  }
  return NOTHING;
}

const NOTHING: Found = { hits: [], count: 0 };

function merged(first: readonly Hit[], then: readonly Hit[], limit: number): Hit[] {
  const hits = new Map<string, Hit>();
  for (const hit of [...first, ...then]) if (!hits.has(hit.id)) hits.set(hit.id, hit);
  return [...hits.values()].slice(0, limit);
}
