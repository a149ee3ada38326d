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

export function Amount({ quantity }: { quantity: Quantity | null | undefined }) {
  if (!quantity) return <span className="dim">{text.unknownQuantity}</span>;
  return (
    <span className="nowrap num">
      {decimal(quantity.value)} <span className="uom">{quantity.uom}</span>
    </span>
  );
}
