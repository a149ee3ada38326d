/**
 * Exact decimal quantities. A quantity is a bigint count of 10⁻⁹ of the base unit ("nano"), which holds nine decimals
 * exactly; more decimals are refused, never rounded (no error of rounding may decide what a recall covers).
 */
import { DomainError } from '../errors';

const SCALE = 9;
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const ONE = 10n ** BigInt(SCALE);
/** So many digits before the point, and nine behind it, are below 2^53: plain numbers are exact for them, and ten times as fast. */
const WHOLE_DIGITS_SAFE = 6;
const DECIMAL = /^(-?)(\d{1,27})(?:\.(\d+))?$/;

/** Parses a decimal string to nanos. Throws QUANTITY_INVALID. */
export function parseDecimal(text: string): bigint {
  const m = DECIMAL.exec(text);
  if (!m)
    throw new DomainError('QUANTITY_INVALID', {
      value: text,
      reason: 'write a decimal number such as "12.500" with at most 27 digits before the point.',
    });
  const fraction = (m[3] ?? '').replace(/0+$/, '');
  if (fraction.length > SCALE)
    throw new DomainError('QUANTITY_INVALID', {
      value: text,
      reason: 'at most nine decimals in the base unit are kept, and nothing is rounded.',
    });
  const nano =
    m[2]!.length <= WHOLE_DIGITS_SAFE
      ? BigInt(Number(m[2]) * 1e9 + Number(fraction.padEnd(SCALE, '0')))
      : BigInt(m[2]!) * ONE + BigInt(fraction.padEnd(SCALE, '0'));
  return m[1] ? -nano : nano;
}

/** Prints nanos as the shortest exact decimal string. */
export function formatDecimal(nano: bigint): string {
  const negative = nano < 0n;
  const abs = negative ? -nano : nano;
  const small = abs < SAFE ? Number(abs) : null;
  const rest = small === null ? Number(abs % ONE) : small % 1e9;
  const whole = small === null ? abs / ONE : (small - rest) / 1e9;
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(SCALE, '0').replace(/0+$/, '')}`;
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

/** The units of measure that every item knows, by dimension, with the exact factor to the dimension's smallest unit. */
const UOMS: Record<string, { dimension: string; factor: bigint } | undefined> = {
  __proto__: null as never,
  mg: { dimension: 'mass', factor: 1n },
  g: { dimension: 'mass', factor: 1_000n },
  kg: { dimension: 'mass', factor: 1_000_000n },
  t: { dimension: 'mass', factor: 1_000_000_000n },
  ml: { dimension: 'volume', factor: 1n },
  l: { dimension: 'volume', factor: 1_000n },
  mm: { dimension: 'length', factor: 1n },
  cm: { dimension: 'length', factor: 10n },
  m: { dimension: 'length', factor: 1_000n },
  pcs: { dimension: 'count', factor: 1n },
};

export const STANDARD_UOMS = Object.keys(UOMS);

/** True when both are standard units of one dimension. */
export function sameDimension(a: string, b: string): boolean {
  return UOMS[a] !== undefined && UOMS[a]?.dimension === UOMS[b]?.dimension;
}

export interface ItemUnits {
  item: string;
  /** the base unit of measure */
  uom: string;
  /** the item's own units: one of them is that many base units, as a decimal string */
  factors?: Record<string, string> | null;
}

/**
 * Converts a positive decimal string in `uom` to nanos of the item's base unit.
 * Throws QUANTITY_INVALID (no number, not above zero, more than nine decimals after conversion) or UOM_UNKNOWN.
 */
export function toBase(value: string, uom: string, units: ItemUnits): bigint {
  if (uom === units.uom) return parseDecimal(value);
  const own = units.factors && Object.hasOwn(units.factors, uom) ? units.factors[uom] : undefined;
  if (own !== undefined) return exactly(mantissa(value), mantissa(own), 1n, value);
  const from = UOMS[uom];
  const to = UOMS[units.uom];
  if (!from || !to || from.dimension !== to.dimension)
    throw new DomainError('UOM_UNKNOWN', { uom, base: units.uom, item: units.item });
  return exactly(mantissa(value), { digits: from.factor, scale: 0 }, to.factor, value);
}

interface Mantissa {
  digits: bigint;
  scale: number;
}

/** A decimal as digits × 10^-scale, without a limit on decimals: the limit holds after conversion to the base unit. */
function mantissa(text: string): Mantissa {
  const m = DECIMAL.exec(text);
  if (!m || (m[3]?.length ?? 0) > 40)
    throw new DomainError('QUANTITY_INVALID', { value: text, reason: 'write a decimal number such as "12.500".' });
  const fraction = m[3] ?? '';
  const digits = BigInt(m[2]! + fraction);
  return { digits: m[1] ? -digits : digits, scale: fraction.length };
}

function exactly(a: Mantissa, b: Mantissa, divisor: bigint, typed: string): bigint {
  const numerator = a.digits * b.digits * ONE;
  const denominator = divisor * 10n ** BigInt(a.scale + b.scale);
  if (numerator % denominator !== 0n)
    throw new DomainError('QUANTITY_INVALID', {
      value: typed,
      reason: 'at most nine decimals in the base unit are kept, and nothing is rounded.',
    });
  return numerator / denominator;
}
