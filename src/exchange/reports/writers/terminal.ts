/** The report on a terminal: the summary, item by state, customers. What fills pages is in the files. */
import type { ReportModel, Tally } from '../domain/model';
import { customerName, unitText, whenOf } from '../domain/model';
import { visible } from '../domain/defuse';
import { localTime, localTimeOrDay } from '../domain/times';
import { count, plural, severalStates, stateName } from '../domain/wording';

const ROWS_MAX = 20;

export function printReport(report: ReportModel): string {
  const lines = [
    `${report.title}: ${report.subject}`,
    '',
    report.verdict,
    `  ${report.verdictMeaning}`,
    '',
    ...report.summary.map((sentence) => `- ${sentence}`),
    ...origin(report),
    ...items(report),
    ...suppliers(report),
    ...customers(report),
    ...reasons(report),
    '',
    ...report.asked,
    `Ledger position ${report.trace.ledgerPosition}, digest ${report.trace.digest}`,
    `Asked by ${report.trace.askedBy}, ${localTime(report.trace.askedAt, report.timeZone)}; trace ${report.trace.id}`,
  ];
  // A code may hold anything: an escape sequence in it must not reach the terminal.
  return lines.map((line) => visible(line).replace(/[\n\r\t]/g, ' ')).join('\n') + '\n';
}

function origin({ suspects, timeZone }: ReportModel): string[] {
  const lines = ['', 'Where it came from'];
  for (const suspect of suspects.slice(0, ROWS_MAX)) {
    lines.push(`  ${unitText(suspect.unit)}${suspect.name ? ` · ${suspect.name}` : ''}`);
    for (const making of suspect.makings.slice(0, ROWS_MAX)) {
      const at = localTimeOrDay(whenOf(making), timeZone);
      const parts = [
        making.quantity && `${making.quantity.value} ${making.quantity.uom}`,
        making.supplier && `from ${customerName(making.supplier)}`,
        making.supplierLot && `their lot ${making.supplierLot}`,
        making.document,
        making.place && `at ${making.place}`,
      ].filter(Boolean);
      lines.push(`    ${making.type} ${at}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`);
    }
    lines.push(...more(suspect.makings.slice(0, ROWS_MAX).length, suspect.makings.length, 'events'));
    if (suspect.makings.length === 0) lines.push('    not on record');
  }
  return [...lines, ...more(Math.min(ROWS_MAX, suspects.length), suspects.length, 'suspects')];
}

function items(report: ReportModel): string[] {
  const { items: all } = report;
  const several = severalStates(report);
  if (all.length === 0) return [];
  const shown = all.slice(0, ROWS_MAX);
  const rows = shown.map((item) => [
    item.item,
    count(item.units),
    count(item.certain),
    count(item.possible),
    item.states.map((s) => `${count(s.units)} ${stateName(s.state)}${amount(s)}`).join('; '),
  ]);
  return [
    '',
    ...grid([['Item', 'Units', 'Certain', 'Possible', 'State'], ...rows]),
    ...more(shown.length, all.length, 'items'),
    ...(several ? [`  ${several}`] : []),
  ];
}

/** Backward: who supplied what went into it. */
function suppliers({ receipts }: ReportModel): string[] {
  if (receipts.of === 0) return [];
  const shown = receipts.listed.slice(0, ROWS_MAX);
  const rows = shown.map(({ unit, making }) => [
    making.supplier ? customerName(making.supplier) : 'not on record',
    unitText(unit),
    making.supplierLot ?? '',
    making.document ?? '',
    [making.supplier?.phone, making.supplier?.email].filter(Boolean).join(', '),
  ]);
  return [
    '',
    ...grid([['Supplier', 'Unit', 'Their lot', 'Document', 'Contact'], ...rows]),
    ...more(shown.length, receipts.of, 'receipts'),
  ];
}

function customers({ customers: list }: ReportModel): string[] {
  if (list.of === 0) return [];
  const shown = list.listed.slice(0, ROWS_MAX);
  const rows = shown.map((c) => [
    customerName(c.customer),
    count(c.units),
    count(c.delivered.units),
    c.shipments.listed
      .slice(0, 3)
      .map((s) => s.shipment ?? 'without a document')
      .join(', ') + (c.shipments.of > 3 ? ` and ${count(c.shipments.of - 3)} more` : ''),
    [c.customer.phone, c.customer.email].filter(Boolean).join(', '),
  ]);
  return [
    '',
    ...grid([['Customer', 'With them', 'Shipped', 'Shipments', 'Contact'], ...rows]),
    ...more(shown.length, list.of, 'customers'),
  ];
}

function reasons({ excluded, gaps }: ReportModel): string[] {
  return [
    ...(excluded.of > 0 ? ['', 'Excluded'] : []),
    ...excluded.reasons.map((r) => `  ${count(r.units)} ${r.reason}: ${r.meaning}`),
    ...(gaps.of > 0 ? ['', 'Gaps'] : []),
    ...gaps.kinds.map((k) => `  ${count(k.gaps)} ${k.kind}: ${k.meaning}`),
    ...gaps.listed.slice(0, ROWS_MAX).map((gap) => `    ${gap.message}`),
    ...more(Math.min(ROWS_MAX, gaps.listed.length), gaps.of, 'gaps'),
  ];
}

function amount(tally: Tally): string {
  const known = tally.quantities.map((q) => `${q.value} ${q.uom}`);
  if (tally.unknown > 0) known.push(`${plural(tally.unknown, 'unit')} of unknown quantity`);
  return known.length > 0 ? ` (${known.join(', ')})` : '';
}

function more(shown: number, of: number, what: string): string[] {
  return shown < of ? [`  ${count(shown)} of ${count(of)} ${what}; the rest is in the files`] : [];
}

function grid(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => [...(row[i] ?? '')].length)));
  return rows.map((row) => ('  ' + row.map((cell, i) => pad(cell, widths[i] ?? 0)).join('  ')).trimEnd());
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - [...cell].length));
}
