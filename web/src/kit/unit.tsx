/** How a unit is written and linked everywhere: item, then kind and code. */
import { Link } from '@tanstack/react-router';
import type { Kind, UnitRef } from '~/api/types';
import { text } from '~/text';

export const kindOf = (unit: UnitRef): Kind =>
  unit.lot !== undefined ? 'lot' : unit.serial !== undefined ? 'serial' : 'run';
export const codeOf = (unit: UnitRef): string => unit.lot ?? unit.serial ?? unit.run ?? '';
export const unitName = (unit: UnitRef): string => `${unit.item} ${text.kind[kindOf(unit)]} ${codeOf(unit)}`;

/** The natural key of a unit as a path takes it (SETTLED 42), for links to units whose id is not at hand. */
export const unitKey = (unit: UnitRef): string => `${unit.item}~${kindOf(unit)}~${codeOf(unit)}`;

export function UnitText({ unit }: { unit: UnitRef }) {
  return (
    <>
      <span className="item-code">{unit.item}</span> <span className="kind">{text.kind[kindOf(unit)]}</span>{' '}
      <span className="code">{codeOf(unit)}</span>
    </>
  );
}

export function UnitLink({ id, unit, tabIndex }: { id?: string | null | undefined; unit: UnitRef; tabIndex?: number }) {
  return (
    <Link
      to="/units/$unit"
      params={{ unit: id ?? unitKey(unit) }}
      className="unit-link"
      {...(tabIndex === undefined ? {} : { tabIndex })}
    >
      <UnitText unit={unit} />
    </Link>
  );
}
