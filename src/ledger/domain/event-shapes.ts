/** The event vocabulary: what each type must and may say. A parsed event still holds names and texts; the rules resolve them. */
import { DomainError } from '@/kernel';
import {
  attributes,
  integer,
  keepable,
  list,
  object,
  oneOf,
  optional,
  plainObject,
  prose,
  Reader,
  required,
  text,
  wrong,
} from './shape';

export type UnitKind = 'serial' | 'lot' | 'run';
/** A unit as an event names it: by item and code, or by what the scanner read. */
export type UnitName = { item: string; kind: UnitKind; code: string } | { scan: string };
export interface Amount {
  value: string;
  uom: string;
}

const CODE_CHARACTERS_MAX = 100;
const name = text(CODE_CHARACTERS_MAX);

export const unitName: Reader<UnitName> = (value, path) => {
  const raw = plainObject(value, path);
  if (raw.scan !== undefined) return { scan: object({ scan: required(rawScan) })(value, path).scan };
  const read = object({ item: required(name), lot: optional(name), serial: optional(name), run: optional(name) })(
    value,
    path,
  );
  const kinds = (['serial', 'lot', 'run'] as const).filter((k) => read[k] !== undefined);
  const kind = kinds[0];
  if (!kind || kinds.length > 1) throw wrong(path, 'name the unit by exactly one of "serial", "lot" or "run".');
  return { item: read.item, kind, code: read[kind]! };
};

/** A scan may hold group separators (0x1D), so it is not held to be free of control characters. */
const rawScan: Reader<string> = (value, path) => {
  if (typeof value !== 'string' || value.trim() === '') throw wrong(path, 'it must be a text.');
  if (value.length > 1000) throw wrong(path, 'it has more than 1000 characters.');
  keepable(value, path);
  return value;
};

const amount: Reader<Amount> = (value, path) => {
  const raw = plainObject(value, path);
  if (typeof raw.value === 'number')
    throw wrong(`${path}.value`, 'write the number as a text, such as "12.500", so that it stays exact.');
  return object({ value: required(text(60)), uom: required(text(30)) })(value, path);
};

const time = text(40);
const unitAmount = object({ unit: required(unitName), quantity: optional(amount) });
/** `{unit, quantity?}`, or the unit's name alone. */
const unitOrAmount: Reader<{ unit: UnitName; quantity: Amount | undefined }> = (value, path) =>
  'unit' in plainObject(value, path) ? unitAmount(value, path) : { unit: unitName(value, path), quantity: undefined };

const common = {
  type: required(text(40)),
  id: optional(text(200)),
  at: required(time),
  place: optional(name),
  note: optional(prose(10_000)),
  refs: optional(attributes()),
  attributes: optional(attributes()),
  shift: optional(name),
  tool: optional(name),
  operator: optional(name),
  workCenter: optional(name),
  workOrder: optional(name),
};

const UNITS_PER_EVENT_MAX = 20_000;
const units = list(unitOrAmount, UNITS_PER_EVENT_MAX);

const input = object({
  unit: required(unitName),
  quantity: optional(amount),
  position: optional(name),
  mode: optional(oneOf('consume', 'install')),
  certainty: optional(oneOf('certain', 'possible')),
  from: optional(time),
  until: optional(time),
  for: optional(list(integer(0), UNITS_PER_EVENT_MAX, 1)),
});
const output = object({ unit: required(unitName), quantity: optional(amount), position: optional(name) });
const decimalOrNumber: Reader<string> = (value, path) => {
  const s = typeof value === 'number' ? String(value) : value;
  if (typeof s !== 'string' || !/^-?\d{1,27}(\.\d{1,30})?$/.test(s)) throw wrong(path, 'it must be a decimal number.');
  return s;
};

const ALIASES_MAX = 100;
/** Another name of a unit; a text alone is a name without issuer. */
const alias: Reader<{ alias: string; kind: string | undefined; partner: string | undefined }> = (value, path) =>
  typeof value === 'string'
    ? { alias: name(value, path), kind: undefined, partner: undefined }
    : object({ alias: required(name), kind: optional(name), partner: optional(name) })(value, path);

const LINES_MAX = 1_000;
const trade = {
  purchaseOrder: optional(name),
  salesOrder: optional(name),
  partner: required(name),
  lines: required(
    list(
      object({
        line: optional(name),
        item: required(name),
        quantity: required(amount),
        /** what is announced by name, where the sender says it */
        unit: optional(unitName),
        container: optional(name),
        due: optional(time),
        place: optional(name),
      }),
      LINES_MAX,
      1,
    ),
  ),
};

const shapes = {
  receive: object({
    ...common,
    unit: required(unitName),
    quantity: optional(amount),
    supplier: optional(name),
    supplierLot: optional(name),
    expires: optional(time),
    revision: optional(name),
  }),
  create: object({
    ...common,
    unit: required(unitName),
    quantity: optional(amount),
    madeAt: optional(time),
    expires: optional(time),
  }),
  produce: object({
    ...common,
    outputs: optional(list(output, UNITS_PER_EVENT_MAX)),
    inputs: optional(list(input, UNITS_PER_EVENT_MAX)),
  }),
  load: object({
    ...common,
    run: required(unitName),
    unit: required(unitName),
    quantity: optional(amount),
    position: optional(name),
    reason: optional(prose(2000)),
  }),
  unload: object({
    ...common,
    run: required(unitName),
    unit: required(unitName),
    quantity: optional(amount),
    position: optional(name),
    reason: optional(prose(2000)),
  }),
  install: object({
    ...common,
    parent: required(unitName),
    unit: required(unitName),
    quantity: optional(amount),
    position: optional(name),
    reason: optional(prose(2000)),
  }),
  remove: object({
    ...common,
    parent: required(unitName),
    unit: required(unitName),
    quantity: optional(amount),
    position: optional(name),
    reason: optional(prose(2000)),
  }),
  clean: object({ ...common, run: required(unitName), reason: optional(prose(2000)) }),
  split: object({
    ...common,
    from: required(list(unitAmount, UNITS_PER_EVENT_MAX)),
    to: required(list(unitAmount, UNITS_PER_EVENT_MAX)),
  }),
  merge: object({
    ...common,
    from: required(list(unitAmount, UNITS_PER_EVENT_MAX)),
    to: required(list(unitAmount, UNITS_PER_EVENT_MAX)),
  }),
  'top-up': object({ ...common, vessel: required(unitName), unit: required(unitName), quantity: optional(amount) }),
  move: object({
    ...common,
    unit: optional(unitName),
    units: optional(units),
    container: optional(name),
    quantity: optional(amount),
    from: optional(name),
    to: required(name),
  }),
  ship: object({
    ...common,
    units: optional(units),
    container: optional(name),
    customer: required(name),
    shipment: optional(name),
  }),
  return: object({
    ...common,
    units: optional(units),
    container: optional(name),
    customer: optional(name),
    shipment: optional(name),
    condition: optional(prose(2000)),
  }),
  scrap: object({ ...common, unit: required(unitName), quantity: optional(amount), reason: optional(prose(2000)) }),
  inspect: object({
    ...common,
    unit: required(unitName),
    characteristic: required(name),
    result: required(oneOf('pass', 'fail')),
    measured: optional(decimalOrNumber),
    limits: optional(
      object({
        low: optional(decimalOrNumber),
        high: optional(decimalOrNumber),
        min: optional(decimalOrNumber),
        max: optional(decimalOrNumber),
      }),
    ),
  }),
  hold: object({
    ...common,
    units: optional(units),
    container: optional(name),
    reason: required(text(2000)),
    ref: optional(name),
  }),
  release: object({ ...common, hold: required(name), reason: optional(prose(2000)) }),
  pack: object({ ...common, container: required(name), units: required(units) }),
  /** without units: everything that is in it */
  unpack: object({ ...common, container: required(name), units: optional(units) }),
  adjust: object({ ...common, unit: required(unitName), quantity: required(amount), reason: required(text(2000)) }),
  count: object({ ...common, unit: required(unitName), quantity: required(amount), reason: optional(prose(2000)) }),
  order: object({ ...common, ...trade }),
  expect: object({ ...common, ...trade, shipment: optional(name) }),
  amend: object({
    ...common,
    unit: required(unitName),
    /** null takes an attribute off */
    attributes: optional(attributes({ nulls: true })),
    expires: optional(time),
    aliases: optional(list(alias, ALIASES_MAX, 1)),
    reason: required(text(2000)),
  }),
  void: object({ ...common, at: optional(time), event: required(text(200)), reason: required(text(2000)) }),
  correct: object({
    ...common,
    at: optional(time),
    event: required(text(200)),
    with: required((v, p) => plainObject(v, p)),
    reason: required(text(2000)),
  }),
} as const;

export type EventType = keyof typeof shapes;
export type EventOf<T extends EventType> = ReturnType<(typeof shapes)[T]>;
export type ParsedEvent = { [T in EventType]: Omit<EventOf<T>, 'type'> & { type: T } }[EventType];

/** Reads one JSON event. Throws a DomainError that names the field. */
export function parseEvent(raw: unknown): ParsedEvent {
  const source = plainObject(raw, '');
  const type = source.type;
  if (typeof type !== 'string') throw new DomainError('FIELD_REQUIRED', { field: 'type' });
  if (!Object.hasOwn(shapes, type)) throw new DomainError('EVENT_TYPE_UNKNOWN', { type });
  return shapes[type as EventType](raw, '') as ParsedEvent;
}
