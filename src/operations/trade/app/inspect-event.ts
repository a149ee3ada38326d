import type { Judged } from '../domain/inspection';

/** The fact of one result, under the number of the receipt that it belongs to. */
export function inspectEvent(
  judged: Judged,
  about: { id: string; at: string; place?: string; unit: object; receipt: string },
): object {
  const { low, high, measured } = judged;
  return {
    type: 'inspect',
    id: about.id,
    at: about.at,
    ...(about.place !== undefined && { place: about.place }),
    unit: about.unit,
    characteristic: judged.characteristic,
    result: judged.passed ? 'pass' : 'fail',
    ...(measured !== null && { measured }),
    ...((low ?? high) !== null && { limits: { ...(low !== null && { low }), ...(high !== null && { high }) } }),
    refs: { receipt: about.receipt },
  };
}
