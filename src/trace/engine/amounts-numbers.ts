/**
 * Numbers that are never negative, as (h + l) · 2^e with h and l doubles: about 106 bits at any magnitude.
 *
 * Why the error is bounded: amounts are only ever added, multiplied and divided, never subtracted (what stays in a tank is
 * A·(Q−q)/Q with Q−q exact), so that nothing cancels and relative errors only add up. Each operation errs by less than 2⁻¹⁰⁰;
 * a chain of ten million of them by less than 10⁷·2⁻¹⁰⁰ < 10⁻²³, eleven digits below the last of the twelve that are shown.
 * Exact rationals would grow with every draw from a tank; a fixed point would lose what was diluted a thousand times. The
 * separate exponent is for the latter: two thousand halvings are 2⁻²⁰⁰⁰, which no double holds.
 */

/** h lies in [2⁻²⁵⁶, 2²⁵⁶) and e is a multiple of 512, or all are 0: products and quotients stay far from a double's limits. */
export interface Num {
  h: number;
  l: number;
  e: number;
}

export const num = (): Num => ({ h: 0, l: 0, e: 0 });

const STEP = 512;
const UP = 2 ** 512;
const DOWN = 2 ** -512;
const LARGE = 2 ** 256;
const SMALL = 2 ** -256;
/** 2²⁷ + 1: splits a double into halves of 26 bits, whose products are exact */
const SPLIT = 134_217_729;

export function setZero(x: Num): void {
  x.h = x.l = x.e = 0;
}

/** Any whole number that is not negative: exact below 2¹⁰⁶, else to 106 bits. */
export function setBigint(x: Num, n: bigint): void {
  x.h = Number(n);
  x.l = x.h < Number.MAX_SAFE_INTEGER ? 0 : Number(n - BigInt(x.h));
  x.e = 0;
  settle(x);
}

function settle(x: Num): void {
  if (x.h === 0) return setZero(x);
  while (x.h >= LARGE) {
    x.h *= DOWN;
    x.l *= DOWN;
    x.e += STEP;
  }
  while (x.h < SMALL) {
    x.h *= UP;
    x.l *= UP;
    x.e -= STEP;
  }
}

/** x + y into x. */
export function addTo(x: Num, y: Num): void {
  if (y.h === 0) return;
  if (x.h === 0) {
    x.h = y.h;
    x.l = y.l;
    x.e = y.e;
    return;
  }
  let { h, l } = y;
  if (y.e < x.e) {
    // More than 512 binary places apart: less than the last of 106.
    if (x.e - y.e > STEP) return;
    h *= DOWN;
    l *= DOWN;
  } else if (y.e > x.e) {
    const apart = y.e - x.e > STEP;
    x.h = apart ? 0 : x.h * DOWN;
    x.l = apart ? 0 : x.l * DOWN;
    x.e = y.e;
  }
  const s = x.h + h;
  const b = s - x.h;
  const low = x.h - (s - b) + (h - b) + (x.l + l);
  x.h = s + low;
  x.l = low - (x.h - s);
  settle(x);
}

let productLow = 0;

/** a·b; what its rounding lost is in productLow, exactly. */
function product(a: number, b: number): number {
  const p = a * b;
  const at = SPLIT * a;
  const ah = at - (at - a);
  const al = a - ah;
  const bt = SPLIT * b;
  const bh = bt - (bt - b);
  const bl = b - bh;
  productLow = ah * bh - p + ah * bl + al * bh + al * bl;
  return p;
}

/** x · y into x. */
export function multiply(x: Num, y: Num): void {
  const p = product(x.h, y.h);
  const low = productLow + (x.h * y.l + x.l * y.h);
  x.h = p + low;
  x.l = low - (x.h - p);
  x.e += y.e;
  settle(x);
}

/** x / y into x; y is not 0. */
export function divide(x: Num, y: Num): void {
  const q = x.h / y.h;
  const p = product(q, y.h);
  // x.h and p agree in nearly all bits, so that the difference is exact.
  const rest = x.h - p - productLow + x.l - q * y.l;
  const low = rest / y.h;
  x.h = q + low;
  x.l = low - (x.h - q);
  x.e -= y.e;
  settle(x);
}

/** Below 0, 0 or above as x is less than, equal to or greater than y. */
export function compare(x: Num, y: Num): number {
  if (x.h === 0 || y.h === 0) return x.h - y.h;
  return x.e - y.e || x.h - y.h || x.l - y.l;
}

/** One number a place, in typed arrays. */
export class NumColumn {
  private readonly h: Float64Array;
  private readonly l: Float64Array;
  private readonly e: Int32Array;

  constructor(length: number) {
    this.h = new Float64Array(length);
    this.l = new Float64Array(length);
    this.e = new Int32Array(length);
  }

  isZero(i: number): boolean {
    return this.h[i] === 0;
  }

  get(i: number, into: Num): void {
    into.h = this.h[i]!;
    into.l = this.l[i]!;
    into.e = this.e[i]!;
  }

  set(i: number, x: Num): void {
    this.h[i] = x.h;
    this.l[i] = x.l;
    this.e[i] = x.e;
  }

  add(i: number, x: Num): void {
    this.get(i, sum);
    addTo(sum, x);
    this.set(i, sum);
  }
}

const sum = num();

// ------------------------------------------------------------ as text

/** Digits beyond those asked for that are looked at: numbers closer to a tie than the error of computing are that tie. */
const GUARD = 10;
const GUARD_LIMIT = 10n ** BigInt(GUARD);
const TIE = GUARD_LIMIT / 2n;
const NEAR_TIE = 2n;

/**
 * The number divided by 10^scale as a decimal string without an exponent, rounded half-even to so many significant digits.
 * What lies within 10⁻²⁰ of a tie is taken for it: exact decimals come out as exact, whatever was multiplied and divided.
 */
export function toText(x: Num, digits: number, scale = 0): string {
  if (x.h === 0) return '0';
  return quickText(x, digits, scale) ?? exactText(x, digits, scale);
}

/** A double knows 16 digits: enough for 12, unless what follows is next to a tie. */
function quickText(x: Num, digits: number, scale: number): string | null {
  if (digits > 12 || x.e !== 0) return null;
  const [text, exponent] = x.h.toExponential(16).split('e') as [string, string];
  const all = text[0]! + text.slice(2);
  const rest = Number(all.slice(digits)) / 10 ** (17 - digits);
  if (Math.abs(rest - 0.5) < 0.001) return null;
  return placed(Number(all.slice(0, digits)) + (rest > 0.5 ? 1 : 0), Number(exponent) - digits + 1 - scale);
}

function exactText(x: Num, digits: number, scale: number): string {
  const wanted = digits + GUARD;
  const [mantissa, power] = integer(x);
  let exponent = Math.floor(Math.log10(x.h) + x.e * Math.LOG10E * Math.LN2);
  let all = scaled(mantissa, power, wanted - 1 - exponent);
  // The logarithm may be off by one at a power of ten.
  const limit = tenTo(wanted);
  if (all >= limit) all = scaled(mantissa, power, wanted - 1 - ++exponent);
  else if (all * 10n < limit) all = scaled(mantissa, power, wanted - 1 - --exponent);

  const rest = all % GUARD_LIMIT;
  let kept = all / GUARD_LIMIT;
  const tie = rest > TIE ? rest - TIE <= NEAR_TIE : TIE - rest <= NEAR_TIE;
  if (tie ? kept % 2n === 1n : rest > TIE) kept++;
  return placed(kept, exponent - digits + 1 - scale);
}

/** h + l as a whole number times a power of two: exact to 2⁻¹¹⁶ of it. */
function integer(x: Num): [mantissa: bigint, power: number] {
  const shift = 116 - Math.floor(Math.log2(x.h));
  const factor = 2 ** shift;
  return [BigInt(x.h * factor) + BigInt(Math.round(x.l * factor)), x.e - shift];
}

/** mantissa · 2^power · 10^shift, to the nearest whole number. */
function scaled(mantissa: bigint, power: number, shift: number): bigint {
  if (shift < 0) {
    const d = tenTo(-shift) << BigInt(Math.max(0, -power));
    return (((mantissa << BigInt(Math.max(0, power))) << 1n) + d) / (d << 1n);
  }
  const up = mantissa * tenTo(shift);
  return power >= 0 ? up << BigInt(power) : (up + (1n << BigInt(-power - 1))) >> BigInt(-power);
}

const powers: bigint[] = [];

function tenTo(n: number): bigint {
  if (n > 400) return 10n ** BigInt(n);
  return (powers[n] ??= 10n ** BigInt(n));
}

/** n · 10^exponent as a plain decimal. */
function placed(n: bigint | number, exponent: number): string {
  const text = n.toString();
  if (exponent >= 0) return text + '0'.repeat(exponent);
  const whole = text.length + exponent;
  let end = text.length;
  while (end > Math.max(whole, 0) && text.charCodeAt(end - 1) === 48) end--;
  if (whole <= 0) return `0.${'0'.repeat(-whole)}${text.slice(0, end)}`;
  return end === whole ? text.slice(0, whole) : `${text.slice(0, whole)}.${text.slice(whole, end)}`;
}
