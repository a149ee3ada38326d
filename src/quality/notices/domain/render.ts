/** A notice as the consignee reads it: HTML and plain text of one and the same document. Pure. */
import type { NoticeRow } from './rows';
import type { Part } from './template';
import { wordsOf } from './words';

export interface NoticeDocument {
  language: string;
  subject: string;
  drill: boolean;
  /** above everything: that this is the second reminder */
  preface: string | null;
  parts: readonly Part[];
  rows: readonly NoticeRow[];
  /** the file that has all lines, where the rows do not */
  file: string | null;
  /** where to answer; null: there is no answer page */
  link: string | null;
  /** stands for the link where it is not made yet */
  linkNote: string | null;
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const RED = 'color:#b3261e;font-weight:bold';
const CELL = 'border-bottom:1px solid #d3dae1;padding:4px 8px 4px 0;text-align:left;vertical-align:top';

export function renderHtml(document: NoticeDocument): string {
  const { language, subject, drill, preface, parts } = document;
  const words = wordsOf(language);
  const banner = drill ? `<p style="${RED};border:2px solid #b3261e;padding:8px">${escape(words.drill)}</p>` : '';
  const body = parts.map((part) => htmlPart(part, document)).join('\n');
  return `<!doctype html>
<html lang="${escape(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(subject)}</title></head>
<body style="font:16px/1.5 sans-serif;color:#1c2126;max-width:44rem;margin:0 auto;padding:16px">
${banner}${preface === null ? '' : `<p style="${RED}">${escape(preface)}</p>`}
${body}
${banner}</body></html>
`;
}

function htmlPart(part: Part, document: NoticeDocument): string {
  switch (part.is) {
    case 'headline':
      return `<h1 style="${RED};font-size:24px">${escape(part.text)}</h1>`;
    case 'heading':
      return `<h2 style="font-size:18px;margin:20px 0 4px">${escape(part.text)}</h2>`;
    case 'paragraph':
      return `<p style="margin:4px 0 8px">${escape(part.text)}</p>`;
    case 'list':
      return `<ul>${part.items.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`;
    case 'lines':
      return htmlLines(document);
    case 'answerLink':
      return htmlLink(document);
  }
}

function htmlLines({ language, rows, file }: NoticeDocument): string {
  const words = wordsOf(language);
  const heads = [words.item, words.code, words.quantity, words.documents, words.shipped];
  const head = heads.map((text) => `<th scope="col" style="${CELL}">${escape(text)}</th>`).join('');
  const body = rows
    .map((row) => [row.item, row.code, row.quantity, row.documents, row.shipped])
    .map((cells) => `<tr>${cells.map((text) => `<td style="${CELL}">${escape(text)}</td>`).join('')}</tr>`)
    .join('\n');
  const more = file === null ? '' : `<p>${escape(words.full(file))}</p>`;
  return `<table style="border-collapse:collapse;width:100%"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>${more}`;
}

function htmlLink({ language, link, linkNote }: NoticeDocument): string {
  const words = wordsOf(language);
  if (link === null) return `<p>${escape(linkNote ?? words.noLink)}</p>`;
  const address = escape(link);
  return `<p><a href="${address}" style="font-weight:bold">${escape(words.answer)}</a><br>${address}</p>`;
}

export function renderText(document: NoticeDocument): string {
  const { language, drill, preface, parts, rows, file, link, linkNote } = document;
  const words = wordsOf(language);
  const lines: string[] = [];
  if (drill) lines.push(words.drill, '');
  if (preface !== null) lines.push(preface, '');
  for (const part of parts)
    switch (part.is) {
      case 'headline':
      case 'heading':
        lines.push(
          part.is === 'headline' ? part.text.toUpperCase() : part.text,
          '-'.repeat(Math.min(part.text.length, 60)),
        );
        break;
      case 'paragraph':
        lines.push(part.text, '');
        break;
      case 'list':
        lines.push(...part.items.map((item) => `- ${item}`), '');
        break;
      case 'lines':
        lines.push(
          ...rows.map((row) =>
            [row.item, row.code, row.quantity, row.documents, row.shipped].filter(Boolean).join(' | '),
          ),
        );
        if (file !== null) lines.push(words.full(file));
        lines.push('');
        break;
      case 'answerLink':
        lines.push(link ?? linkNote ?? words.noLink, '');
    }
  if (drill) lines.push(words.drill);
  return `${lines.join('\n').trim()}\n`;
}
