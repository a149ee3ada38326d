/**
 * The report as a document to hand on: page 1 says in a minute what is affected, where it went, and whether that is all;
 * then customers with documents and contacts, places, units, what was excluded and why, and the gaps. Every list says how
 * many there are of how many; what is not listed is in the workbook and the CSV. The same trace gives the same bytes.
 */
import type { Readable } from 'node:stream';
import type { ReportModel } from '../domain/model';
import { firstPage, subjectLine } from './pdf-first-page';
import {
  customersSection,
  excludedSection,
  gapsSection,
  placesSection,
  readingSection,
  suppliersSection,
  unitsSection,
} from './pdf-sections';
import { Ink } from './ink';
import { printer } from './printer';

const MARGIN = 40;

export async function writePdf(report: ReportModel): Promise<Readable> {
  const press = await printer();
  const missing = new Set<string>();
  const ink = new Ink((text) => press.printable(text, missing), report.timeZone);
  const content = [
    ...firstPage(report, ink),
    ...customersSection(report, ink),
    ...suppliersSection(report, ink),
    ...placesSection(report, ink),
    ...gapsSection(report, ink),
    ...excludedSection(report, ink),
    ...unitsSection(report, ink),
    ...readingSection(ink, missing),
  ];
  const asked = new Date(report.trace.askedAt);
  const line = ink.text(`${report.title}: ${subjectLine(report)}`);
  const position = `Ledger position ${report.trace.ledgerPosition} · digest SHA-256 ${report.trace.digest}`;
  return press.print({
    pageSize: 'A4',
    pageMargins: [MARGIN, 50, MARGIN, 48],
    language: 'en',
    displayTitle: true,
    // The trace's own time and names: the clock of the printing machine is not in the document.
    info: {
      title: line,
      subject: report.verdict,
      author: ink.text(report.trace.askedBy),
      creator: 'Unitrail',
      producer: 'Unitrail',
      creationDate: asked,
      modDate: asked,
    },
    defaultStyle: { font: 'Roboto', fontSize: 9, lineHeight: 1.15, color: Ink.TEXT },
    header: (page: number) =>
      page === 1
        ? null
        : {
            margin: [MARGIN, 24, MARGIN, 0],
            columns: [
              { text: line, fontSize: 8, color: Ink.QUIET },
              {
                text: report.verdict,
                width: 'auto',
                fontSize: 8,
                bold: true,
                color: report.complete ? Ink.GOOD : Ink.ALARM,
              },
            ],
          },
    footer: (page: number, pages: number) => ({
      margin: [MARGIN, 16, MARGIN, 0],
      columns: [
        { text: position, fontSize: 6.5, color: Ink.QUIET },
        { text: `Page ${page} of ${pages}`, width: 'auto', fontSize: 8, color: Ink.QUIET },
      ],
    }),
    // A heading never stands alone at the foot of a page.
    pageBreakBefore: (node: { headlineLevel?: number }, nodes: { getFollowingNodesOnPage(): unknown[] }) =>
      node.headlineLevel === 1 && nodes.getFollowingNodesOnPage().length === 0,
    content,
  });
}
