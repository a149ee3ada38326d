import type { Quantity } from '~/api/types';
import { text } from '~/text';

const numbers = new Intl.NumberFormat('en-US');
export const count = (value: number): string => numbers.format(value);

/** A decimal string with its thousands apart; never through a float, so that no digit is lost. */
export function decimal(value: string): string {
  const [whole = '', fraction] = value.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const trimmed = fraction?.replace(/0+$/, '');
  return trimmed ? `${grouped}.${trimmed}` : grouped;
}

export const quantityText = (quantity: Quantity | null | undefined): string =>
  quantity ? `${decimal(quantity.value)} ${quantity.uom}` : text.unknownQuantity;

/** Moves the decimal point, digit by digit: 0.001 is 0.1 %, exactly. */
function shifted(value: string, by: number): string {
  const [whole = '0', fraction = ''] = value.split('.');
  const digits = whole + fraction;
  const point = whole.length + by;
  const padded =
    point > digits.length ? digits.padEnd(point, '0') : digits.padStart(digits.length - Math.min(0, point - 1), '0');
  const at = Math.max(1, point);
  const rest = padded.slice(at).replace(/0+$/, '');
  const front = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  return rest === '' ? front : `${front}.${rest}`;
}
export const percentOf = (share: string): string => shifted(share, 2);
export const shareOf = (percent: string): string => shifted(percent, -2);

const PERCENT_DIGITS = 4;
/** A share as a percentage, short; the whole of it is in the title. Below what is shown it says so: never 0 for what is not. */
export function Share({ share }: { share: string | null | undefined }) {
  if (share === null || share === undefined) return <span className="dim">{text.unknown}</span>;
  const percent = percentOf(share);
  const value = Number(percent);
  const short = value > 0 && value < 0.0001 ? '< 0.0001' : String(Number(value.toPrecision(PERCENT_DIGITS)));
  return (
    <span className="nowrap num" title={`${percent} %`}>
      {short} <span className="uom">%</span>
    </span>
  );
}

export function Amount({
  quantity,
  unknown = text.unknownQuantity,
}: {
  quantity: Quantity | null | undefined;
  unknown?: string;
}) {
  if (!quantity) return <span className="dim">{unknown}</span>;
  return (
    <span className="nowrap num">
      {decimal(quantity.value)} <span className="uom">{quantity.uom}</span>
    </span>
  );
}
