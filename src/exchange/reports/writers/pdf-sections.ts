/** The sections after page 1: customers, places, gaps, what was excluded, units, and how to read it all. */
import type { Contact, CustomerImpact, ReceiptRow, ReportModel, Shipment, UnitRef, UnitRow } from '../domain/model';
import { customerName, NOBODY, unitCode, unitKind, whenOf } from '../domain/model';
import { codePoint } from '../domain/defuse';
import { compareText } from '../domain/tally';
import { count, plural, stateName } from '../domain/wording';
import { Content, Ink, PrintRow, shownOf } from './ink';

/** A page holds about 40 of them; laying out ten thousand would hold the process for seconds. */
const SHIPMENT_ROWS_MAX = 1_000;
const PLACES_MAX = 200;

export function customersSection(report: ReportModel, ink: Ink): Content[] {
  const { customers } = report;
  if (report.question.direction === 'backward' && customers.of === 0) return [];
  if (customers.of === 0)
    return [ink.heading('Customers'), ink.note('No affected unit was shipped to a customer, by the record.')];
  const rows: PrintRow[] = [];
  let shown = 0;
  let documents = 0;
  for (const customer of customers.listed) {
    if (documents >= SHIPMENT_ROWS_MAX) break;
    rows.push({ band: customerBand(customer, ink) });
    for (const shipment of customer.shipments.listed) rows.push(shipmentRow(shipment, ink));
    if (customer.shipments.listed.length < customer.shipments.of)
      rows.push({ band: shownOf(customer.shipments.listed.length, customer.shipments.of, 'shipments'), quiet: true });
    shown++;
    documents += customer.shipments.listed.length;
  }
  return [
    // On a page of its own: a table that moves to the next page would leave its heading behind.
    ink.heading('Customers, with shipments and contacts', { pageBreak: 'before' }),
    ink.note(
      `${shownOf(shown, customers.of, 'customers')} A unit that came back is in its shipment still, and no longer with the customer. “Affected when shipped” is judged for each shipment.`,
    ),
    ink.table(
      [
        { header: 'Shipment', width: '*' },
        { header: 'Shipped', width: 120 },
        { header: 'Units', width: 60, right: true },
        { header: 'Certain', width: 42, right: true },
        { header: 'Possible', width: 42, right: true },
        { header: 'Affected when shipped', width: 54, right: true },
        { header: 'Quantity', width: 76, right: true },
      ],
      rows,
    ),
  ];
}

function customerBand(impact: CustomerImpact, ink: Ink): Content {
  const { customer, delivered } = impact;
  const now =
    impact.units === 0
      ? 'Nothing of it is there now, by the record.'
      : `With them now: ${plural(impact.units, 'unit')} (${count(impact.certain)} certain, ${count(impact.possible)} possible), ${ink.quantities(impact)}.`;
  return {
    stack: [
      {
        text: ink.text(customerName(customer)),
        bold: true,
        fontSize: 10,
      },
      { text: ink.text(contactLine(customer)), fontSize: 8 },
      {
        text: `Shipped to them: ${plural(delivered.units, 'unit')}${delivered.inside > 0 ? `, ${count(delivered.inside)} of them inside others` : ''}, ${ink.quantities(delivered)}. ${now}`,
        fontSize: 8,
        color: Ink.QUIET,
      },
    ],
  };
}

function contactLine(contact: Contact): string {
  const known = [contact.address, contact.country, contact.phone, contact.email].filter((part) => part);
  return known.length > 0 ? known.join(' · ') : 'No address, phone or e-mail is on record.';
}

function shipmentRow(shipment: Shipment, ink: Ink): PrintRow {
  const from = ink.time(whenOf({ at: shipment.from, day: shipment.fromDay }));
  const until = ink.time(whenOf({ at: shipment.until, day: shipment.untilDay }));
  const when = from === until ? from : `${from} until ${until}`;
  return [
    shipment.shipment === null ? { text: 'without a document', italics: true } : ink.text(shipment.shipment),
    when,
    shipment.inside > 0
      ? {
          stack: [
            { text: count(shipment.units) },
            { text: `${count(shipment.inside)} inside others`, color: Ink.QUIET, fontSize: 6.5 },
          ],
        }
      : count(shipment.units),
    count(shipment.certain),
    count(shipment.possible),
    count(shipment.hit),
    ink.quantities(shipment),
  ];
}

/** Backward: who supplied what went into it. */
export function suppliersSection(report: ReportModel, ink: Ink): Content[] {
  const { receipts } = report;
  if (report.question.direction === 'forward') return [];
  if (receipts.of === 0)
    return [
      ink.heading('What came from suppliers'),
      ink.note('Nothing that went into it was received, by the record.'),
    ];
  const bySupplier = new Map<string, ReceiptRow[]>();
  for (const receipt of receipts.listed) {
    const key = receipt.making.supplier?.partner ?? NOBODY;
    bySupplier.set(key, [...(bySupplier.get(key) ?? []), receipt]);
  }
  const rows: PrintRow[] = [];
  for (const [, group] of [...bySupplier.entries()].sort(([a], [b]) => compareText(a, b))) {
    const supplier = group[0]?.making.supplier;
    rows.push({
      band: supplier
        ? {
            stack: [
              { text: ink.text(customerName(supplier)), bold: true, fontSize: 10 },
              { text: ink.text(contactLine(supplier)), fontSize: 8 },
            ],
          }
        : { text: 'Supplier not on record', bold: true, fontSize: 10 },
    });
    for (const { unit, certainty, making } of group)
      rows.push([
        unitCell(unit, null, ink),
        making.supplierLot ? ink.text(making.supplierLot) : '–',
        making.document ? ink.text(making.document) : '–',
        ink.time(whenOf(making)),
        certainty === 'certain' ? 'certain' : { text: 'possible', italics: true },
        ink.quantity(making.quantity),
      ]);
  }
  return [
    ink.heading('What came from suppliers'),
    ink.note(ink.listed(receipts, 'receipts')),
    ink.table(
      [
        { header: 'Unit', width: '*' },
        { header: 'Their lot', width: 80 },
        { header: 'Document', width: 66 },
        { header: 'Received', width: 108 },
        { header: 'Certainty', width: 46 },
        { header: 'Quantity', width: 66, right: true },
      ],
      rows,
      { fontSize: 8 },
    ),
  ];
}

export function placesSection(report: ReportModel, ink: Ink): Content[] {
  const { places } = report;
  if (places.length === 0) return [];
  const shown = places.slice(0, PLACES_MAX);
  return [
    ink.heading('Where they are in the house'),
    ...(shown.length < places.length ? [ink.note(shownOf(shown.length, places.length, 'places'))] : []),
    ink.table(
      [
        { header: 'Place', width: '*' },
        { header: 'Units', width: 60, right: true },
        { header: 'Certain', width: 60, right: true },
        { header: 'Possible', width: 60, right: true },
        { header: 'Quantity', width: 150, right: true },
      ],
      shown.map((place) => [
        ink.text(place.place ?? '–'),
        count(place.units),
        count(place.certain),
        count(place.possible),
        ink.quantities(place),
      ]),
    ),
  ];
}

export function gapsSection(report: ReportModel, ink: Ink): Content[] {
  const { gaps } = report;
  if (gaps.of === 0)
    return [ink.heading('Gaps in the records'), ink.note('None touches this question: the list above is complete.')];
  return [
    ink.heading(`Gaps in the records: ${count(gaps.of)}`, { color: Ink.ALARM }),
    ink.note('Each is a fact that this question depends on and that is missing or contradicts another.'),
    ink.table(
      [
        { header: 'Kind', width: 130 },
        { header: 'What it means', width: '*' },
        { header: 'Gaps', width: 50, right: true },
      ],
      gaps.kinds.map((k) => [ink.text(k.kind), ink.text(k.meaning), count(k.gaps)]),
    ),
    ink.note(ink.listed(gaps, 'gaps')),
    ink.table(
      [
        { header: 'Unit', width: 130 },
        { header: 'Kind', width: 95 },
        { header: 'What is not known', width: '*' },
        { header: 'Event', width: 70 },
      ],
      gaps.listed.map((gap) => [
        gap.unit ? unitCell(gap.unit, null, ink) : '–',
        ink.text(gap.kind),
        ink.text(gap.message),
        gap.event ? ink.text(gap.event) : '–',
      ]),
      { fontSize: 8 },
    ),
  ];
}

export function excludedSection(report: ReportModel, ink: Ink): Content[] {
  const { excluded } = report;
  if (excluded.of === 0)
    return [ink.heading('Excluded units'), ink.note('None: every unit that can be reached is affected.')];
  return [
    ink.heading(`Excluded units: ${count(excluded.of)}`),
    ink.note('The records lead to them, and they do not count, for the reason given.'),
    ink.table(
      [
        { header: 'Reason', width: 100 },
        { header: 'What it means', width: '*' },
        { header: 'Units', width: 60, right: true },
      ],
      excluded.reasons.map((r) => [ink.text(r.reason), ink.text(r.meaning), count(r.units)]),
    ),
    ink.note(ink.listed(excluded, 'excluded units')),
    ink.table(
      [
        { header: 'Unit', width: '*' },
        { header: 'Reason', width: 85 },
        { header: 'State', width: 52 },
        { header: 'Place or customer', width: 110 },
        { header: 'Quantity', width: 80, right: true },
      ],
      excluded.listed.map((row) => [
        unitCell(row.unit, row.name, ink),
        ink.text(row.reason),
        rowState(row),
        ink.text(whereabouts(row)),
        ink.quantity(row.quantity),
      ]),
      { fontSize: 8 },
    ),
  ];
}

export function unitsSection(report: ReportModel, ink: Ink): Content[] {
  const { units } = report;
  return [
    ink.heading(report.question.direction === 'forward' ? 'Affected units' : 'Units that went into it', {
      pageBreak: 'before',
      pageOrientation: 'landscape',
    }),
    ink.note(ink.listed(units, 'units')),
    ink.table(
      [
        { header: 'Unit', width: '*' },
        { header: 'Certainty', width: 44 },
        { header: 'State', width: 46 },
        { header: 'Place', width: 84 },
        { header: 'Customer', width: 62 },
        { header: 'Quantity', width: 74, right: true },
        { header: report.question.direction === 'forward' ? 'Affected' : 'Mattered', width: 200 },
        { header: 'Steps', width: 26, right: true },
      ],
      units.listed.map((row) => [
        unitCell(row.unit, null, ink),
        row.certainty === 'certain' ? 'certain' : { text: 'possible', italics: true },
        rowState(row),
        ink.text(row.place ?? several(row, 'place')),
        ink.text(row.customer ?? several(row, 'customer')),
        ink.quantity(row.quantity),
        (row.exposure.map((interval) => ink.interval(interval)).join('; ') || '–') +
          (row.ended ? '; not any more' : ''),
        row.depth === null ? '–' : String(row.depth),
      ]),
      { fontSize: 7 },
    ),
  ];
}

function unitCell(unit: UnitRef, name: string | null, ink: Ink): Content {
  return {
    text: [
      { text: ink.text(unit.item) },
      { text: ` ${unitKind(unit)} `, color: Ink.QUIET },
      { text: ink.text(unitCode(unit)), bold: true },
      ...(name ? [{ text: `  ${ink.text(name)}`, color: Ink.QUIET }] : []),
    ],
  };
}

function rowState(row: UnitRow): string {
  return row.state === null && row.holdings.length < 2 ? '–' : stateName(row.state);
}

function whereabouts(row: UnitRow): string {
  return row.place ?? row.customer ?? several(row, 'place');
}

/** What to say where no single one can be given: "3 places", or a dash. */
function several(row: UnitRow, what: 'place' | 'customer'): string {
  const distinct = new Set(row.holdings.map((h) => h[what]).filter((v) => v !== null));
  return distinct.size > 1 ? `${distinct.size} ${what}s` : distinct.size === 1 ? `${[...distinct][0]} (part)` : '–';
}

export function readingSection(ink: Ink, missing: ReadonlySet<string>): Content[] {
  const sentences = [
    'A unit is certain when suspect material is in it by recorded facts alone; it is possible when the record leaves several units open and cannot tell which. Neither is left out.',
    'A unit is counted once. A lot that is partly in stock and partly shipped stands in both columns, with the quantity that is there.',
    '“Affected since” is the first moment at which suspect material is in the unit, by the recorded times; “until” is when the suspect part left it.',
    'Steps is the smallest number of links from the suspect to the unit.',
    'The digest is computed over question and result. Whoever has the same records and asks the same question gets the same digest.',
  ];
  if (missing.size > 0)
    sentences.push(
      `The font of this print has no sign for ${plural(missing.size, 'character')}: printed by number, as ${codePoint([...missing][0] ?? '')}. The XLSX and the CSV have the exact texts.`,
    );
  return [
    ink.heading('How to read this report', { pageBreak: 'before', pageOrientation: 'portrait' }),
    { ul: sentences.map((s) => ink.text(s)), fontSize: 9 },
  ];
}
