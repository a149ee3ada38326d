import { readGs1 } from '@/kernel';
import { unitRef, UnitKind } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { instructionsFor, type ShownInstruction } from '../instructions';

export interface ScanMatch {
  type: 'unit' | 'item' | 'place' | 'partner' | 'document' | 'container';
  /** opaque id of a unit */
  id?: string;
  /** natural key: code of an item, place, partner or container; number of a document; `item~kind~code` of a unit */
  key: string;
  label: string;
  unit?: ReturnType<typeof unitRef>;
  /** how it was found: by its own code, by another name of it, by its GTIN */
  via: string;
}

export interface ScanResult {
  read: { as: 'gs1' | 'digital-link' | 'text'; parts: Record<string, string>; error?: string };
  matches: ScanMatch[];
  tried: string[];
  near: ScanMatch[];
  /** how what matched is to be treated, the gravest first; `units` says which of several it is for */
  instructions: ShownInstruction[];
}

/** A match with the row that it was found in, for the instructions about it. */
interface Found {
  match: ScanMatch;
  rowId: number | null;
}

const MATCHES_MAX = 50;
const NEAR_MAX = 10;
const PART_NAMES: Record<string, string> = {
  '00': 'sscc',
  '01': 'gtin',
  '10': 'lot',
  '21': 'serial',
  '17': 'expires',
  '11': 'made',
};

/** Everything that a scan or a typed text can mean. Codes are matched as they are and without regard to case. */
export async function resolveScan(q: Queryable, scanned: string): Promise<ScanResult> {
  const { found, ...rest } = await resolve(q, scanned);
  const rowsOf = (type: ScanMatch['type']): number[] =>
    found.flatMap(({ match, rowId }) => (match.type === type && rowId !== null ? [rowId] : []));
  const instructions =
    found.length === 0
      ? []
      : await instructionsFor(q, {
          units: rowsOf('unit'),
          items: rowsOf('item'),
          places: rowsOf('place'),
          partners: rowsOf('partner'),
        });
  return { ...rest, matches: found.map(({ match }) => match), instructions };
}

type Resolved = Omit<ScanResult, 'matches' | 'instructions'> & { found: Found[] };

async function resolve(q: Queryable, scanned: string): Promise<Resolved> {
  const reading = readGs1(scanned);
  if (reading && 'elements' in reading) {
    const parts = Object.fromEntries([...reading.elements].map(([ai, value]) => [PART_NAMES[ai] ?? ai, value]));
    const read = { as: reading.as, parts };
    const gtin = parts.gtin;
    if (parts.sscc !== undefined) {
      const found = await containers(q, parts.sscc, 'SSCC');
      return { read, found, tried: [`the container with SSCC ${parts.sscc}`], near: [] };
    }
    if (gtin === undefined) return { read, found: [], tried: ['a GTIN (01): the code has none'], near: [] };
    const found = await unitsOfGtin(q, gtin, parts.serial ?? parts.lot);
    const tried = [`units of the item with GTIN ${gtin}`, `items with GTIN ${gtin}`];
    return { read, found: found.length > 0 ? found : await itemsOfGtin(q, gtin), tried, near: [] };
  }
  // A wedge scanner may add control characters around the code; they are no part of it.
  const text = scanned.replace(/[\u0000-\u001f\u007f]/g, '').trim(); // eslint-disable-line no-control-regex
  const read = { as: 'text' as const, parts: {}, ...(reading ? { error: reading.error } : {}) };
  if (text === '') return { read, found: [], tried: [], near: [] };
  const found = await exact(q, text);
  const tried = ['codes of units', 'other names of units', 'items', 'places', 'partners', 'containers', 'documents'];
  return { read, found, tried, near: found.length > 0 ? [] : await near(q, text) };
}

interface UnitRow {
  unit_id: number;
  item: string;
  name: string;
  kind: UnitKind;
  code: string;
  via: string;
}

const UNIT = `SELECT u.unit_id, i.code AS item, i.name, u.kind, u.code`;

function unitMatch(r: UnitRow): Found {
  const match: ScanMatch = {
    type: 'unit',
    id: `u${r.unit_id}`,
    key: `${r.item}~${r.kind}~${r.code}`,
    label: `${r.name}, ${r.kind} ${r.code}`,
    unit: unitRef(r.item, r.kind, r.code),
    via: r.via,
  };
  return { match, rowId: r.unit_id };
}

async function unitsOfGtin(q: Queryable, gtin: string, code: string | undefined): Promise<Found[]> {
  if (code === undefined) return [];
  const rows = await q.query<UnitRow>(
    `${UNIT}, 'code' AS via FROM unit u JOIN item i USING (item_id) WHERE i.gtin = $1 AND u.code = $2`,
    [gtin, code],
  );
  return rows.map(unitMatch);
}

async function itemsOfGtin(q: Queryable, gtin: string): Promise<Found[]> {
  const rows = await q.query<{ item_id: number; code: string; name: string }>(
    `SELECT item_id, code, name FROM item WHERE gtin = $1`,
    [gtin],
  );
  return rows.map((r) => ({
    match: { type: 'item', key: r.code, label: `${r.name} (${r.code})`, via: 'GTIN' },
    rowId: r.item_id,
  }));
}

async function containers(q: Queryable, code: string, via: string): Promise<Found[]> {
  const rows = await q.query<{ container_id: number; code: string }>(
    `SELECT container_id, code FROM container WHERE lower(code) = lower($1)`,
    [code],
  );
  return rows.map((r) => ({ match: { type: 'container', key: r.code, label: r.code, via }, rowId: r.container_id }));
}

async function exact(q: Queryable, text: string): Promise<Found[]> {
  const units = await q.query<UnitRow>(
    `${UNIT}, 'code' AS via FROM unit u JOIN item i USING (item_id) WHERE lower(u.code) = lower($1)
     UNION
     ${UNIT}, CASE a.kind WHEN 'supplier-lot' THEN 'supplier lot' ELSE a.kind END FROM unit_alias a JOIN unit u USING (unit_id) JOIN item i USING (item_id)
      WHERE lower(a.alias) = lower($1) AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = a.event_id)
     ORDER BY unit_id LIMIT ${MATCHES_MAX}`,
    [text],
  );
  const named = await q.query<{ type: 'item' | 'place' | 'partner'; row_id: number; code: string; name: string }>(
    `SELECT 'item' AS type, item_id AS row_id, code, name FROM item WHERE lower(code) = lower($1)
     UNION ALL SELECT 'place', place_id, code, name FROM place WHERE lower(code) = lower($1)
     UNION ALL SELECT 'partner', partner_id, code, name FROM partner WHERE lower(code) = lower($1)`,
    [text],
  );
  const gtin = /^\d{8,14}$/.test(text) ? await itemsOfGtin(q, text.padStart(14, '0')) : [];
  const documents = await q.query<{ document: string; units: number; kind: string }>(
    `SELECT document, count(DISTINCT unit_id)::int AS units, string_agg(DISTINCT role, ', ') AS kind FROM movement WHERE lower(document) = lower($1) GROUP BY document`,
    [text],
  );
  return [
    ...units.map(unitMatch),
    ...named.map((r) => ({
      match: { type: r.type, key: r.code, label: `${r.name} (${r.code})`, via: 'code' },
      rowId: r.row_id,
    })),
    ...gtin,
    ...(await containers(q, text, 'code')),
    ...documents.map((d): Found => ({
      match: { type: 'document', key: d.document, label: `${d.document} (${d.units} units ${d.kind})`, via: 'number' },
      rowId: null,
    })),
  ];
}

/** Units whose code begins with the longest part of the text that any code begins with, down to three characters. */
async function near(q: Queryable, text: string): Promise<ScanMatch[]> {
  for (let length = text.length; length >= Math.min(3, text.length); length--) {
    const prefix = text
      .slice(0, length)
      .toLowerCase()
      .replace(/[\\%_]/g, '\\$&');
    const rows = await q.query<UnitRow>(
      `${UNIT}, 'near' AS via FROM unit u JOIN item i USING (item_id) WHERE lower(u.code) LIKE $1 ORDER BY u.unit_id LIMIT ${NEAR_MAX}`,
      [`${prefix}%`],
    );
    if (rows.length > 0) return rows.map((row) => unitMatch(row).match);
  }
  return [];
}
