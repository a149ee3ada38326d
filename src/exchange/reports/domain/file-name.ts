/** Names of the report's files: safe on every file system and in every header, whatever the codes are. */
import type { ReportModel } from './model';
import { unitCode } from './model';

/** The format's limit for a name is 255 bytes on most file systems; three bytes a character leave room for the rest. */
const SUBJECT_MAX = 60;

export type ReportFormat = 'pdf' | 'xlsx' | 'csv';

/** "recall-impact_SPICE-7_S-77_9f2c1b7e.pdf" */
export function fileName(report: Pick<ReportModel, 'question' | 'suspects' | 'trace'>, format: ReportFormat): string {
  const [first] = report.suspects;
  const subject = first ? `_${clean(first.unit.item)}_${clean(unitCode(first.unit))}` : '';
  const more = report.suspects.length > 1 ? `_and_${report.suspects.length - 1}_more` : '';
  const what = report.question.direction === 'forward' ? 'recall-impact' : 'origin';
  return `${what}${subject}${more}_${report.trace.digest.slice(0, 8)}.${format}`;
}

/** Content-Disposition with a plain name for old clients and the exact one for all others (RFC 6266, RFC 5987). */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7E]/g, '_').replace(/["\\]/g, '_');
  const exact = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}

function clean(text: string): string {
  const kept = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+/, '')
    .slice(0, SUBJECT_MAX)
    .replace(/[\uD800-\uDBFF]$/, '');
  return kept || 'unit';
}
