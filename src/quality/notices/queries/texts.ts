/** The texts of a case: its own, else the plant's template, else the one that comes with the product. */
import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import type { Recall } from '@/quality/recalls';
import { builtIn, BUILT_IN_TEXTS } from '../domain/built-in';
import { type CheckedCase, checklist, type Point } from '../domain/checklist';
import type { FieldValues, NoticeText } from '../domain/template';
import { COUNTRY_LANGUAGES } from '../domain/words';

export interface TextView extends NoticeText {
  language: string;
  source: 'case' | 'template' | 'built-in';
  writtenBy: string | null;
  writtenAt: Date | null;
  checklist: Point[];
  /** points that are not met */
  missing: string[];
  /** languages that notices of this case go out in: its own, and those it has a text of its own for */
  languages: string[];
}

interface Details {
  product?: string;
  reason?: string;
  hazard?: { consequence?: string; population?: string; conclusion?: string };
  doWhat?: string;
  contact?: { name?: string; phone?: string; email?: string };
}

/** What the case says, as fields of a text. */
export async function fieldsOf(q: Queryable, recall: Pick<Recall, 'recallId'>): Promise<FieldValues> {
  const [row] = await q.query<{ key: string; class: string | null; details: Details | null }>(
    'SELECT key, class, details FROM recall WHERE recall_id = $1',
    [recall.recallId],
  );
  if (!row) throw new DomainError('NOT_FOUND', { what: 'recall', key: String(recall.recallId) });
  const { product, reason, hazard, doWhat, contact } = row.details ?? {};
  const harm = [hazard?.consequence, hazard?.population].filter(Boolean).join(' ') || hazard?.conclusion;
  return {
    case: row.key,
    class: row.class ?? '',
    product: product ?? '',
    reason: reason ?? '',
    hazard: harm ?? '',
    doWhat: doWhat ?? '',
    contactName: contact?.name ?? '',
    contactPhone: contact?.phone ?? '',
    contactEmail: contact?.email ?? '',
  };
}

type Written = NoticeText & Pick<TextView, 'source' | 'writtenBy' | 'writtenAt'>;

export async function textOf(
  q: Queryable,
  recall: Pick<Recall, 'recallId' | 'jurisdiction'>,
  language: string,
): Promise<Written> {
  const [own] = await q.query<Written>(
    `(SELECT 1 AS rank, 'case' AS source, subject, body, written_by AS "writtenBy", written_at AS "writtenAt"
        FROM recall_notice_text WHERE recall_id = $1 AND language = $2 AND fields IS NULL ORDER BY text_id DESC LIMIT 1)
     UNION ALL
     (SELECT 2, 'template', subject, body, changed_by, changed_at FROM notice_template WHERE jurisdiction = $3 AND language = $2)
     ORDER BY rank LIMIT 1`,
    [recall.recallId, language, recall.jurisdiction],
  );
  if (own) {
    const { subject, body, source, writtenBy, writtenAt } = own;
    return { subject, body, source, writtenBy, writtenAt };
  }
  return { ...builtIn(recall.jurisdiction, language), source: 'built-in', writtenBy: null, writtenAt: null };
}

/** The case's language, and those it has a text of its own in. */
export async function languagesOf(q: Queryable, recall: Pick<Recall, 'recallId' | 'language'>): Promise<string[]> {
  const rows = await q.query<{ language: string }>(
    'SELECT DISTINCT language FROM recall_notice_text WHERE recall_id = $1 AND fields IS NULL',
    [recall.recallId],
  );
  return [...new Set([recall.language, ...rows.map((row) => row.language)])];
}

/** Country → language, for the languages that the case has; others are written to in the case's own. */
export function languageByCountry(languages: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(COUNTRY_LANGUAGES).filter(([, language]) => languages.includes(language)));
}

/** Languages that the countries of consignees speak and the case has no text in. */
async function languagesMissing(
  q: Queryable,
  { recallId, version }: Recall,
  languages: readonly string[],
): Promise<string[]> {
  const rows = await q.query<{ country: string }>(
    `SELECT DISTINCT upper(trim(p.country)) AS country FROM partner p WHERE p.country IS NOT NULL AND p.partner_id IN
       (SELECT d.partner_id FROM recall_delivery d
         WHERE d.recall_id = $1 AND d.version_in <= $2 AND (d.version_out IS NULL OR d.version_out > $2))`,
    [recallId, version],
  );
  const spoken = rows.flatMap(({ country }) => COUNTRY_LANGUAGES[country] ?? []);
  return [...new Set(spoken)].filter((language) => !languages.includes(language)).sort();
}

export async function checkedText(
  q: Queryable,
  recall: Recall,
  language: string,
  answerPage: boolean,
): Promise<TextView> {
  const [text, fields, languages] = [
    await textOf(q, recall, language),
    await fieldsOf(q, recall),
    await languagesOf(q, recall),
  ];
  const about: CheckedCase = {
    class: recall.class,
    depth: recall.depth,
    language,
    fields,
    answerPage,
    languagesMissing: await languagesMissing(q, recall, languages),
  };
  const points = checklist(recall.jurisdiction, text, about);
  return {
    language,
    ...text,
    checklist: points,
    missing: points.filter((one) => !one.ok).map((one) => one.point),
    languages,
  };
}

export interface TemplateView extends NoticeText {
  jurisdiction: string;
  language: string;
  source: 'template' | 'built-in';
}

/** The plant's own texts, and those that come with the product where it has none. */
export async function templates(q: Queryable): Promise<TemplateView[]> {
  const own = await q.query<TemplateView>(
    `SELECT jurisdiction, language, subject, body, 'template' AS source FROM notice_template ORDER BY jurisdiction, language`,
  );
  const has = new Set(own.map((one) => `${one.jurisdiction} ${one.language}`));
  const rest = BUILT_IN_TEXTS.filter((one) => !has.has(`${one.jurisdiction} ${one.language}`));
  return [...own, ...rest.map((one) => ({ ...one, source: 'built-in' as const }))];
}
