/** Page 1 of the printed report: what a manager reads in a minute. */
import type { Making, ReportModel, Suspect } from '../domain/model';
import { customerName, unitText, whenOf } from '../domain/model';
import { count, stateName, STATES } from '../domain/wording';
import { Content, Ink, PrintRow, shownOf } from './ink';

const SUSPECTS_MAX = 8;

const MADE: Record<string, string> = {
  receive: 'Received',
  create: 'Created without recorded origin',
  produce: 'Made in the house',
  split: 'Split off',
  merge: 'Merged',
  'top-up': 'Topped up',
};

export function subjectLine(report: ReportModel): string {
  const [first] = report.suspects;
  return report.suspects.length === 1 && first?.name ? `${report.subject} (${first.name})` : report.subject;
}

export function firstPage(report: ReportModel, ink: Ink): Content[] {
  return [
    { text: report.title, fontSize: 22, bold: true, margin: [0, -14, 0, 0], lineHeight: 1 },
    { text: ink.text(subjectLine(report)), fontSize: 13, color: Ink.QUIET, margin: [0, 2, 0, 8] },
    banner(report),
    figures(report),
    { ul: report.summary.map((sentence) => ink.text(sentence)), fontSize: 10, margin: [0, 8, 0, 0] },
    ...origin(report, ink),
    ...matrix(report, ink),
    ...customersAtAGlance(report, ink),
    ...asked(report, ink),
  ];
}

function banner(report: ReportModel): Content {
  const [color, ground] = report.complete ? [Ink.GOOD, Ink.GOOD_GROUND] : [Ink.ALARM, Ink.ALARM_GROUND];
  return {
    table: {
      widths: ['*'],
      body: [
        [
          {
            stack: [
              { text: report.verdict, fontSize: report.complete ? 13 : 17, bold: true, color },
              { text: report.verdictMeaning, fontSize: 9 },
            ],
            fillColor: ground,
            margin: [6, 4, 6, 4],
          },
        ],
      ],
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: (i: number) => (i === 0 ? 4 : 0),
      vLineColor: () => color,
    },
  };
}

function figures(report: ReportModel): Content {
  const { totals } = report;
  const boxes: [string, number][] = [
    [report.question.direction === 'forward' ? 'affected units' : 'units found', totals.affected],
    ['certain', totals.certain],
    ['possible', totals.possible],
    ['customers', totals.customers],
    ['shipments', totals.shipments],
    ['excluded', totals.excluded],
    ['gaps', totals.gaps],
  ];
  return {
    margin: [0, 8, 0, 0],
    table: {
      widths: boxes.map(() => '*'),
      body: [
        boxes.map(([, n]) => ({
          text: count(n),
          fontSize: n < 1_000_000 ? 17 : 13,
          bold: true,
          alignment: 'center',
          margin: [0, 3, 0, 0],
          lineHeight: 1,
        })),
        boxes.map(([label]) => ({ text: label, fontSize: 8, color: Ink.QUIET, alignment: 'center' })),
      ],
    },
    layout: {
      fillColor: () => Ink.GROUND,
      hLineWidth: () => 0,
      vLineWidth: (i: number, node: { table: { widths: unknown[] } }) =>
        i > 0 && i < node.table.widths.length ? 3 : 0,
      vLineColor: () => '#ffffff',
      paddingTop: () => 2,
      paddingBottom: () => 2,
    },
  };
}

function origin(report: ReportModel, ink: Ink): Content[] {
  const shown = report.suspects.slice(0, SUSPECTS_MAX);
  const rows: PrintRow[] = [];
  for (const suspect of shown) {
    rows.push({
      band: {
        text: [
          { text: ink.text(suspectText(suspect)), bold: true },
          { text: `   ${ink.text(windowText(report, suspect, ink))}`, color: Ink.QUIET },
        ],
      },
    });
    for (const making of suspect.makings.slice(0, SUSPECTS_MAX)) rows.push(makingRow(making, ink));
    if (suspect.makings.length > SUSPECTS_MAX)
      rows.push({ band: shownOf(SUSPECTS_MAX, suspect.makings.length, 'events of origin'), quiet: true });
    if (suspect.makings.length === 0)
      rows.push({ band: 'Its origin is not on record: no receipt and no production names it.', quiet: true });
  }
  return [
    ink.heading(
      report.question.direction === 'forward' ? 'The suspect and where it came from' : 'The unit in question',
    ),
    ink.table(
      [
        { header: 'How and when', width: 104 },
        { header: 'Supplier', width: '*' },
        { header: 'Their lot', width: 66 },
        { header: 'Document', width: 60 },
        { header: 'Place', width: 62 },
        { header: 'Quantity', width: 60, right: true },
      ],
      rows,
    ),
    ...(shown.length < report.suspects.length
      ? [ink.note(shownOf(shown.length, report.suspects.length, 'suspects'))]
      : []),
  ];
}

function suspectText(suspect: Suspect): string {
  return unitText(suspect.unit) + (suspect.name ? ` · ${suspect.name}` : '');
}

function windowText(report: ReportModel, suspect: Suspect, ink: Ink): string {
  const how = report.question.direction === 'forward' ? 'Under suspicion' : 'As it was';
  return suspect.from === null && suspect.until === null
    ? `${how} at any time.`
    : `${how} ${ink.interval([suspect.from, suspect.until])}.`;
}

function makingRow(making: Making, ink: Ink): PrintRow {
  const supplier = making.supplier;
  const reach = supplier ? [supplier.email, supplier.phone].filter(Boolean).join(', ') : '';
  return [
    {
      stack: [
        { text: ink.text(MADE[making.type] ?? making.type) },
        { text: ink.time(whenOf(making)), color: Ink.QUIET, fontSize: 7.5 },
      ],
    },
    supplier
      ? {
          stack: [
            { text: ink.text(customerName(supplier)) },
            ...(reach ? [{ text: ink.text(reach), color: Ink.QUIET, fontSize: 7.5 }] : []),
          ],
        }
      : '–',
    making.supplierLot ? ink.text(making.supplierLot) : '–',
    making.document ? ink.text(making.document) : '–',
    making.place ? ink.text(making.place) : '–',
    ink.quantity(making.quantity),
  ];
}

/** Items down, states across; a cell says how many units, and how much. */
function matrix(report: ReportModel, ink: Ink): Content[] {
  const used = STATES.filter((state) => report.states.some((s) => s.state === state));
  const narrow = used.length > 5;
  const rows = report.items.slice(0, ITEMS_MAX).map((item): PrintRow => [
    {
      stack: [
        { text: ink.text(item.item), bold: true },
        ...(item.name ? [{ text: ink.text(item.name), color: Ink.QUIET, fontSize: 7.5 }] : []),
      ],
    },
    {
      stack: [
        { text: count(item.units), bold: true },
        { text: `${count(item.certain)} / ${count(item.possible)}`, color: Ink.QUIET, fontSize: 7.5 },
      ],
    },
    ...used.map((state) => {
      const tally = item.states.find((s) => s.state === state);
      if (!tally) return { text: '–', color: Ink.QUIET };
      return {
        stack: [
          { text: count(tally.units) },
          { text: ink.quantities(tally), color: Ink.QUIET, fontSize: narrow ? 6.5 : 7 },
        ],
      };
    }),
  ]);
  return [
    ink.heading(
      report.question.direction === 'forward'
        ? 'Affected units by item and state'
        : 'What went into it, by item and state',
    ),
    ink.table(
      [
        { header: 'Item', width: '*' },
        { header: 'Units (certain / possible)', width: narrow ? 66 : 100, right: true },
        ...used.map((state) => ({ header: stateName(state), width: narrow ? 47 : 58, right: true })),
      ],
      rows,
    ),
    ...(report.items.length > ITEMS_MAX ? [ink.note(shownOf(ITEMS_MAX, report.items.length, 'items'))] : []),
  ];
}

const ITEMS_MAX = 60;

/** Who has most of it: names that one wants to see at once. Page 2 has them all, with documents and contacts. */
function customersAtAGlance(report: ReportModel, ink: Ink): Content[] {
  const { customers } = report;
  if (customers.of === 0) return [];
  const first = [...customers.listed]
    .sort((a, b) => b.units - a.units || b.delivered.units - a.delivered.units)
    .slice(0, GLANCE_MAX);
  return [
    ink.heading('Customers'),
    ink.table(
      [
        { header: 'Customer', width: '*' },
        { header: 'With them now', width: 60, right: true },
        { header: 'Quantity', width: 100, right: true },
        { header: 'Ever shipped to them', width: 84, right: true },
        { header: 'Shipments', width: 54, right: true },
      ],
      first.map(({ customer, delivered, shipments, ...now }) => [
        ink.text(customerName(customer)),
        count(now.units),
        ink.quantities(now),
        count(delivered.units),
        count(shipments.of),
      ]),
    ),
    ...(customers.of > first.length
      ? [
          ink.note(
            `${count(first.length)} of ${count(customers.of)} customers; all of them follow, with documents and contacts.`,
          ),
        ]
      : []),
  ];
}

const GLANCE_MAX = 6;

function asked(report: ReportModel, ink: Ink): Content[] {
  const { trace } = report;
  const facts: [string, string][] = [
    ['Question', report.asked.join(' ')],
    ['Asked', `by ${trace.askedBy}, ${ink.time(trace.askedAt)}, as trace ${trace.id}`],
    [
      'Records',
      `as they were at ledger position ${count(trace.ledgerPosition)}; times are shown for ${report.timeZone}`,
    ],
    ['Digest', `SHA-256 ${trace.digest}`],
  ];
  const table = {
    table: {
      widths: [60, '*'],
      body: facts.map(([key, text]) => [
        { text: key, color: Ink.QUIET, fontSize: 8.5 },
        { text: ink.text(text), fontSize: 8.5 },
      ]),
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: () => 0,
      paddingLeft: () => 4,
      paddingTop: () => 1,
      paddingBottom: () => 1,
    },
  };
  // In one piece: what a reader needs to ask again must not be torn apart.
  return [{ stack: [ink.heading('How this was found'), table], unbreakable: true }];
}
