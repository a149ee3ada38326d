/** A notice as a letter to print and post. The printer fetches no address and opens no file, whatever a text says. */
import { readFileSync } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import pdfmake from 'pdfmake';
import type { NoticeDocument } from '../domain/render';
import type { Part } from '../domain/template';
import { wordsOf } from '../domain/words';

type Content = Record<string, unknown>;
type HasGlyph = (code: number) => boolean;

const STYLES = { normal: 'Regular', bold: 'Medium', italics: 'Italic', bolditalics: 'MediumItalic' } as const;
const RED = '#b3261e';
/** A page holds about 45; what is longer is summarized by item before it comes here. */
const MARGIN = 50;

let glyphs: Promise<HasGlyph> | undefined;

async function prepare(): Promise<HasGlyph> {
  const fonts = { normal: '', bold: '', italics: '', bolditalics: '' };
  for (const [style, file] of Object.entries(STYLES)) {
    const name = `Roboto-${file}.ttf`;
    pdfmake.virtualfs.writeFileSync(name, readFileSync(require.resolve(`pdfmake/fonts/Roboto/${name}`)));
    fonts[style as keyof typeof fonts] = name;
  }
  pdfmake.setFonts({ Roboto: fonts });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy(() => false);
  const probe = await pdfmake.createPdf({ content: [''] }).getStream();
  const { font } = probe.provideFont('Roboto', false, false);
  return (code) => font.hasGlyphForCodePoint(code);
}

export interface LetterHead {
  /** the consignee's name and postal address, a line each */
  to: string[];
  /** when it was written, and so the same bytes for the same notice */
  at: Date;
}

export async function letterPdf(document: NoticeDocument, head: LetterHead): Promise<Readable> {
  const hasGlyph = await (glyphs ??= prepare());
  const words = wordsOf(document.language);
  // A character that the font lacks is printed by its number: two codes never look alike.
  const text = (raw: string): string =>
    [...raw.normalize('NFC')]
      .map((char) => {
        const code = char.codePointAt(0) ?? 0;
        if (/\s/.test(char)) return ' ';
        return hasGlyph(code) ? char : `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
      })
      .join('');
  const pdf = await pdfmake
    .createPdf({
      pageSize: 'A4',
      pageMargins: [MARGIN, MARGIN, MARGIN, MARGIN],
      language: document.language,
      displayTitle: true,
      info: {
        title: text(document.subject),
        creator: 'Unitrail',
        producer: 'Unitrail',
        creationDate: head.at,
        modDate: head.at,
      },
      defaultStyle: { font: 'Roboto', fontSize: 10.5, lineHeight: 1.2 },
      ...(document.drill && { watermark: { text: text(words.drill), color: RED, opacity: 0.25, bold: true } }),
      footer: (page: number, pages: number) => ({
        text: `${text(document.subject)} · ${words.page(page, pages)}`,
        fontSize: 8,
        margin: [MARGIN, 16],
      }),
      content: [
        { stack: head.to.map((line) => text(line)), margin: [0, 40, 0, 30] },
        ...(document.preface === null ? [] : [{ text: text(document.preface), bold: true, color: RED }]),
        ...document.parts.map((part) => printed(part, document, text)),
      ],
    })
    .getStream();
  const out = new PassThrough();
  pdf.on('error', (error: Error) => out.destroy(error));
  pdf.pipe(out);
  pdf.end();
  return out;
}

function printed(part: Part, document: NoticeDocument, text: (raw: string) => string): Content {
  const words = wordsOf(document.language);
  switch (part.is) {
    case 'headline':
      return { text: text(part.text), fontSize: 17, bold: true, color: RED, margin: [0, 0, 0, 8] };
    case 'heading':
      return { text: text(part.text), fontSize: 12.5, bold: true, margin: [0, 10, 0, 2] };
    case 'paragraph':
      return { text: text(part.text), margin: [0, 0, 0, 4] };
    case 'list':
      return { ul: part.items.map(text) };
    case 'answerLink':
      return { text: text(document.link ?? document.linkNote ?? words.noLink), bold: true, margin: [0, 0, 0, 4] };
    case 'lines':
      return {
        stack: [
          {
            table: {
              headerRows: 1,
              dontBreakRows: true,
              widths: ['*', 'auto', 'auto', 'auto', 'auto'],
              body: [
                [words.item, words.code, words.quantity, words.documents, words.shipped].map((head) => ({
                  text: head,
                  bold: true,
                })),
                ...document.rows.map((row) => [row.item, row.code, row.quantity, row.documents, row.shipped].map(text)),
              ],
            },
            fontSize: 9,
            layout: 'lightHorizontalLines',
          },
          ...(document.file === null ? [] : [{ text: text(words.full(document.file)), margin: [0, 4, 0, 0] }]),
        ],
      };
  }
}
