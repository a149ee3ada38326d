import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Database } from '@/platform/db';
import { csvField } from '@/platform/http';
import { type Recall, recallByKey } from '@/quality/recalls';
import { type NoticeDocument, renderHtml, renderText } from '../domain/render';
import { rowsOf } from '../domain/rows';
import { fill, type FieldValues, partsOf } from '../domain/template';
import { wordsOf } from '../domain/words';
import { type Line, linesTold } from '../queries/lines';
import { fieldsOf, textOf } from '../queries/texts';
import { AnswerLinks } from './answer-links';

export interface ComposedNotice {
  document: NoticeDocument;
  html: string;
  text: string;
  attachments: { name: string; mediaType: string; content: Buffer }[];
  to: { name: string; address: string | null };
  channel: string;
  at: Date;
}

interface Row {
  partnerId: number;
  name: string;
  kind: 'notice' | 'reminder' | 'escalation';
  round: number;
  version: number;
  deliveryNo: number;
  channel: string;
  drill: boolean;
  language: string;
  address: string | null;
  at: Date;
  text: { subject: string; body: string; fields: FieldValues } | null;
}

/** Puts a notice together for its consignee: as it will be where it is a draft, as it was signed where it went out. */
@Injectable()
export class ComposeNotice {
  constructor(
    private readonly database: Database,
    private readonly links: AnswerLinks,
  ) {}

  /** `open`: with the consignee's link, which answers for it; who only looks is not shown it. Throws NOT_FOUND. */
  async execute(key: string, noticeNo: number, open: boolean): Promise<ComposedNotice> {
    const recall = await recallByKey(this.database, key);
    const row = await this.read(recall, noticeNo);
    const { language, drill } = row;
    const signed = row.text ?? {
      ...(await textOf(this.database, recall, language)),
      fields: await fieldsOf(this.database, recall),
    };
    const values = { ...signed.fields, consignee: row.name, date: row.at.toISOString().slice(0, 10) };
    const lines = await linesTold(this.database, { ...row, recallId: recall.recallId });
    const { rows, whole } = rowsOf(lines, language);
    const file = whole ? null : `${recall.key}-lines.csv`;
    const link = drill || !open ? null : await this.links.address(this.database, recall.recallId, row.partnerId);
    const words = wordsOf(language);
    const document: NoticeDocument = {
      language,
      subject: `${drill ? `${words.drill}: ` : ''}${fill(signed.subject, values)}`.replace(/\s+/g, ' ').trim(),
      drill,
      preface: prefaceOf(row),
      parts: partsOf(fill(signed.body, values)),
      rows,
      file,
      link,
      linkNote: link === null && this.links.enabled && (!open || row.text === null) ? words.linkHidden : null,
    };
    return {
      document,
      html: renderHtml(document),
      text: renderText(document),
      attachments:
        file === null
          ? []
          : [{ name: file, mediaType: 'text/csv; charset=utf-8', content: Buffer.from(linesCsv(lines), 'utf8') }],
      to: { name: row.name, address: row.address },
      channel: row.channel,
      at: row.at,
    };
  }

  private async read(recall: Recall, noticeNo: number): Promise<Row> {
    const [row] = await this.database.query<Row>(
      `SELECT n.partner_id AS "partnerId", coalesce(p.name, '') AS name, n.kind, n.round, n.version,
              n.delivery_no AS "deliveryNo", n.channel, n.drill, n.language, n.address,
              coalesce(n.queued_at, n.created_at) AS at,
              CASE WHEN t.text_id IS NULL THEN NULL
                   ELSE jsonb_build_object('subject', t.subject, 'body', t.body, 'fields', t.fields) END AS text
         FROM recall_notice n LEFT JOIN partner p USING (partner_id) LEFT JOIN recall_notice_text t ON t.text_id = n.text_id
        WHERE n.recall_id = $1 AND n.notice_no = $2`,
      [recall.recallId, noticeNo],
    );
    if (!row) throw new DomainError('NOT_FOUND', { what: `notice of ${recall.key}`, key: String(noticeNo) });
    return row;
  }
}

function prefaceOf({ kind, round, language }: Row): string | null {
  const words = wordsOf(language);
  if (kind === 'reminder') return words.reminder(round);
  return kind === 'escalation' ? words.escalation : null;
}

/** A row a line; texts are quoted, and nothing in them is carried out by a spreadsheet. */
function linesCsv(lines: readonly Line[]): string {
  const rows = lines.map((line) => [
    line.item,
    line.name,
    line.kind,
    line.code,
    line.inside,
    line.quantity === null ? null : { decimal: line.quantity },
    line.uom,
    line.documents.join(' '),
    line.from?.toISOString() ?? null,
  ]);
  const heads = ['item', 'name', 'kind', 'code', 'inside', 'quantity', 'uom', 'documents', 'shipped'];
  return `\uFEFF${heads.join(',')}\r\n${rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('')}`;
}
