/** What every file says of itself first: the question, its filters, the digest, the position, who asked and when. */
import type { ReportModel } from '../domain/model';
import { unitText } from '../domain/model';

/** Pairs of a stable key and its text. Times are UTC. */
export function reportFacts(report: ReportModel): [string, string][] {
  const { question, trace, totals } = report;
  return [
    ['report', report.title],
    ['verdict', report.verdict],
    ['meaning', report.verdictMeaning],
    ['question', report.asked.join(' ')],
    ['direction', question.direction],
    ['suspects', report.suspects.map((s) => unitText(s.unit)).join('; ')],
    [
      'windows',
      report.suspects.map((s) => (s.from || s.until ? `${s.from ?? '..'}/${s.until ?? '..'}` : 'all time')).join('; '),
    ],
    ['at', question.at],
    ['certainty', question.certainty],
    [
      'barriers',
      question.barriers.map((b) => ('item' in b ? `item ${b.item}` : `inspection ${b.inspection}`)).join('; '),
    ],
    ['threshold share', question.thresholdShare ?? ''],
    ['justification', question.justification ?? ''],
    ['ledger position', String(trace.ledgerPosition)],
    ['digest (SHA-256)', trace.digest],
    ['asked by', trace.askedBy],
    ['asked at', trace.askedAt],
    ['trace', trace.id],
    ['affected', String(totals.affected)],
    ['certain', String(totals.certain)],
    ['possible', String(totals.possible)],
    ['excluded', String(totals.excluded)],
    ['gaps', String(totals.gaps)],
    ['customers', String(totals.customers)],
    ['shipments', String(totals.shipments)],
  ];
}
