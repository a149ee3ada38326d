/** What a supplier's label says about goods that are not known here yet. */
import { readGs1 } from '@/kernel';

export interface GoodsRead {
  /** 14 digits */
  gtin: string | null;
  serial: string | null;
  lot: string | null;
  /** a date */
  expires: string | null;
  /** pieces, where the label says so */
  count: string | null;
  /** anything that is no GS1 code: an item, a serial, a lot */
  text: string | null;
}

/** Null: it looks like a GS1 code and is none; `error` says why. */
export function readGoods(scan: string): GoodsRead | { error: string } {
  const gs1 = readGs1(scan);
  if (gs1 && 'error' in gs1) return { error: gs1.error };
  if (!gs1) {
    // eslint-disable-next-line no-control-regex
    const text = scan.replace(/[\u0000-\u001f\u007f]/g, '').trim();
    return { gtin: null, serial: null, lot: null, expires: null, count: null, text };
  }
  const of = (ai: string) => gs1.elements.get(ai) ?? null;
  return {
    gtin: of('01') ?? of('02'),
    serial: of('21'),
    lot: of('10'),
    expires: dateOf(of('17')),
    count: of('37') ?? of('30'),
    text: null,
  };
}

/** YYMMDD of GS1; the day 00 is the last of its month. Years 51–99 are of the last century. */
function dateOf(digits: string | null): string | null {
  const m = digits && /^(\d\d)(\d\d)(\d\d)$/.exec(digits);
  if (!m) return null;
  const year = Number(m[1]) + (Number(m[1]) > 50 ? 1900 : 2000);
  const day = m[3] === '00' ? new Date(Date.UTC(year, Number(m[2]), 0)).getUTCDate() : Number(m[3]);
  return `${year}-${m[2]}-${String(day).padStart(2, '0')}`;
}
