/** What each type of event says, as fields of a form: the vocabulary of docs/EVENTS, so that any of it can be entered by hand. */
export type FieldKind =
  | 'unit'
  | 'quantity'
  | 'text'
  | 'long'
  | 'time'
  | 'parts'
  | 'inputs'
  | 'lines'
  | 'result'
  | 'limits'
  | 'texts'
  | 'pairs'
  | 'event';
export type Field = { name: string; kind: FieldKind; required?: boolean };

const need = (name: string, kind: FieldKind): Field => ({ name, kind, required: true });
const may = (name: string, kind: FieldKind = 'text'): Field => ({ name, kind });
const reason = may('reason', 'long');
const place = may('place');
const assembly = [need('unit', 'unit'), may('quantity', 'quantity'), may('position'), reason];
const trade = [may('purchaseOrder'), may('salesOrder'), need('partner', 'text'), need('lines', 'lines')];

export const eventFields = {
  receive: [
    need('unit', 'unit'),
    may('quantity', 'quantity'),
    place,
    may('supplier'),
    may('supplierLot'),
    may('expires', 'time'),
    may('revision'),
  ],
  create: [need('unit', 'unit'), may('quantity', 'quantity'), place, may('madeAt', 'time'), may('expires', 'time')],
  produce: [
    need('outputs', 'parts'),
    may('inputs', 'inputs'),
    place,
    may('workOrder'),
    may('workCenter'),
    may('operator'),
  ],
  load: [need('run', 'unit'), ...assembly],
  unload: [need('run', 'unit'), ...assembly],
  install: [need('parent', 'unit'), ...assembly],
  remove: [need('parent', 'unit'), ...assembly, place],
  clean: [need('run', 'unit'), reason],
  split: [need('from', 'parts'), need('to', 'parts'), place],
  merge: [need('from', 'parts'), need('to', 'parts'), place],
  'top-up': [need('vessel', 'unit'), need('unit', 'unit'), may('quantity', 'quantity'), place],
  move: [may('units', 'parts'), may('container'), may('from'), need('to', 'text')],
  pack: [need('container', 'text'), need('units', 'parts'), place],
  unpack: [need('container', 'text'), may('units', 'parts'), place],
  ship: [may('units', 'parts'), may('container'), need('customer', 'text'), may('shipment'), place],
  return: [may('units', 'parts'), may('container'), may('customer'), may('shipment'), may('condition', 'long'), place],
  scrap: [need('unit', 'unit'), may('quantity', 'quantity'), place, reason],
  adjust: [need('unit', 'unit'), need('quantity', 'quantity'), place, need('reason', 'long')],
  count: [need('unit', 'unit'), need('quantity', 'quantity'), place, reason],
  inspect: [
    need('unit', 'unit'),
    need('characteristic', 'text'),
    need('result', 'result'),
    may('measured'),
    may('limits', 'limits'),
  ],
  hold: [may('units', 'parts'), may('container'), need('reason', 'long'), may('ref')],
  release: [need('hold', 'text'), reason],
  order: trade,
  expect: [...trade, may('shipment')],
  amend: [need('unit', 'unit'), may('expires', 'time'), may('aliases', 'texts'), need('reason', 'long')],
  void: [need('event', 'text'), need('reason', 'long')],
  correct: [need('event', 'text'), need('with', 'event'), need('reason', 'long')],
} as const satisfies Record<string, readonly Field[]>;

export type EventType = keyof typeof eventFields;
export const eventTypes = Object.keys(eventFields) as EventType[];
export const isEventType = (type: unknown): type is EventType => eventTypes.some((one) => one === type);

/** What any event can say besides. */
export const commonFields: Field[] = [
  may('note', 'long'),
  may('shift'),
  may('tool'),
  may('operator'),
  may('workCenter'),
  may('workOrder'),
  may('refs', 'pairs'),
  may('attributes', 'pairs'),
];

export type Body = Record<string, unknown>;

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What was not filled in is not said: empty texts, and objects and rows that hold nothing else. */
export function said(value: unknown): unknown {
  if (value === null || value === undefined || value === '') return undefined;
  if (Array.isArray(value)) {
    const rows = value.map(said).filter((row) => row !== undefined);
    return rows.length > 0 ? rows : undefined;
  }
  if (!isBody(value)) return value;
  const entries = Object.entries(value).flatMap(([key, one]) => {
    const kept = said(one);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The event as it will be sent: the fields of its type and the common ones, those alone that say something. */
export function eventOf(type: EventType, values: Body): Body {
  const fields = [...eventFields[type], ...commonFields];
  const own = Object.fromEntries(fields.map(({ name }) => [name, values[name]]));
  const event = { type, at: type === 'void' ? undefined : values['at'], ...own };
  const body = said(event);
  return isBody(body) ? body : { type };
}

/** Names of required fields that say nothing yet. */
export const missing = (type: EventType, event: Body): string[] => [
  ...(type !== 'void' && type !== 'correct' && event['at'] === undefined ? ['at'] : []),
  ...eventFields[type]
    .filter((field) => 'required' in field && event[field.name] === undefined)
    .map(({ name }) => name),
];
