/** What was scanned of a delivery and is not received yet. Pure. */
import type { Characteristic, Found, Plan } from '~/api/trade';

export type Draft = {
  key: number;
  item: string;
  name: string;
  tracking: Found['tracking'];
  uom: string;
  line?: string | undefined;
  expected?: string | undefined;
  received?: string | undefined;
  plan?: Plan | undefined;
  lot: string;
  serials: string[];
  quantity: string;
  supplierLot: string;
  expires: string;
  revision: string;
  labels: string;
  results: Results;
  decision: string;
  reason: string;
  overReason: string;
  closeReason: string;
  certificates: { file: string; name: string }[];
};

export const draftOf = (found: Found, key: number): Draft => ({
  key,
  item: found.item,
  name: found.name,
  tracking: found.tracking,
  uom: found.uom,
  line: found.line,
  expected: found.expected,
  received: found.received,
  plan: found.plan,
  lot: found.lot ?? '',
  serials: found.serial === undefined ? [] : [found.serial],
  quantity: found.quantity?.value ?? '',
  supplierLot: '',
  expires: found.expires ?? '',
  revision: '',
  labels: '',
  results: {},
  decision: 'auto',
  reason: '',
  overReason: '',
  closeReason: '',
  certificates: [],
});

/** Whether it says enough to be received. */
export const isWhole = (draft: Draft): boolean =>
  draft.tracking === 'serial'
    ? draft.serials.length > 0
    : draft.quantity.trim() !== '' && (draft.tracking === 'none' || draft.lot.trim() !== '');

const given = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== ''));

/** By characteristic: a measured value where it has limits, else passed or failed. */
export type Results = Record<string, string>;
export const isLimited = (one: Characteristic): boolean => one.low !== null || one.high !== null;

/** As the API takes them; what is not entered yet is not said. */
export const resultsSaid = (characteristics: readonly Characteristic[], results: Results): object[] =>
  characteristics.flatMap((one) => {
    const value = (results[one.name] ?? '').trim();
    return value === ''
      ? []
      : [{ characteristic: one.name, ...(isLimited(one) ? { measured: value } : { result: value }) }];
  });

/** A line as the API takes it. */
export function lineOf(draft: Draft): object {
  const { lot, supplierLot, expires, revision, reason, overReason } = draft;
  const results = resultsSaid(draft.plan?.characteristics ?? [], draft.results);
  return {
    item: draft.item,
    ...(draft.line === undefined ? {} : { line: draft.line }),
    ...given({ ...(draft.tracking === 'lot' ? { lot } : {}), supplierLot, expires, revision, reason, overReason }),
    ...(draft.tracking === 'serial'
      ? { serials: draft.serials }
      : { quantity: { value: draft.quantity.trim(), uom: draft.uom } }),
    ...(draft.certificates.length > 0 ? { certificates: draft.certificates.map((one) => one.file) } : {}),
    ...(draft.labels.trim() === '' || draft.labels.trim() === '0' ? {} : { labels: { copies: Number(draft.labels) } }),
    ...(results.length > 0 ? { inspection: results } : {}),
    ...(draft.decision === 'auto' ? {} : { decision: draft.decision }),
  };
}

/** A pasted list: one a line, or apart by commas, semicolons or tabs; each once. */
export const serialsOf = (pasted: string): string[] => [
  ...new Set(
    pasted
      .split(/[\n\r,;\t]+/)
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  ),
];
