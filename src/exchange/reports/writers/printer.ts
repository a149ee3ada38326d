/**
 * The PDF maker, shut in: it fetches no address and opens no file, whatever a document says; its font comes from its own
 * package. The font (Roboto) has Latin with all accents, Greek and Cyrillic; what it lacks is printed by its number.
 */
import { readFileSync } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import pdfmake, { type PdfDocument } from 'pdfmake';
import { codePoint, visible } from '../domain/defuse';

const STYLES = { normal: 'Regular', bold: 'Medium', italics: 'Italic', bolditalics: 'MediumItalic' } as const;

let ready: Promise<Printer> | undefined;

/** The one printer of this process; fonts are read at the first use. */
export function printer(): Promise<Printer> {
  return (ready ??= Printer.open());
}

class Printer {
  private constructor(private readonly hasGlyph: (code: number) => boolean) {}

  static async open(): Promise<Printer> {
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
    const faces = [false, true].map((bold) => probe.provideFont('Roboto', bold, false).font);
    return new Printer((code) => faces.every((face) => face.hasGlyphForCodePoint(code)));
  }

  /** The text as it can be printed: characters without a glyph as [U+4E2D]. Says so to `missing`. */
  printable(text: string, missing: Set<string>): string {
    let printed = '';
    for (const char of visible(text).normalize('NFC')) {
      if (char === '\n' || char === '\t' || char === '\r') printed += ' ';
      else if (this.hasGlyph(char.codePointAt(0) ?? 0)) printed += char;
      else {
        missing.add(char);
        printed += codePoint(char);
      }
    }
    return printed;
  }

  async print(definition: object): Promise<Readable> {
    const document: PdfDocument = await pdfmake.createPdf(definition).getStream();
    const out = new PassThrough();
    document.on('error', (error: Error) => out.destroy(error));
    document.pipe(out);
    document.end();
    return out;
  }
}

export type { Printer };
