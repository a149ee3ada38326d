/** The small parts of a workbook: its sheets, the texts that they share, and which formats are dates. */
import { SaxesParser, SaxesTagPlain } from 'saxes';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export interface SheetPart {
  name: string;
  /** the part's name in the archive */
  path: string;
}

/** How a number is to be understood by its format. */
export type NumberFormat = 'date' | { zeros: number } | null;

/** Reads XML piece by piece; entities and character sets are the parser's trouble, external entities are never looked up. */
export async function readXml(
  stream: Readable,
  on: { open?(tag: SaxesTagPlain): void; close?(tag: SaxesTagPlain): void; text?(text: string): void },
  after?: () => Promise<void> | undefined,
): Promise<void> {
  const parser = new SaxesParser();
  let failure: Error | undefined;
  parser.on('error', (error) => (failure ??= error));
  parser.on('opentag', (tag) => on.open?.(tag));
  parser.on('closetag', (tag) => on.close?.(tag));
  parser.on('text', (text) => on.text?.(text));
  parser.on('cdata', (text) => on.text?.(text));
  const decoder = new StringDecoder('utf8');
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      parser.write(decoder.write(chunk));
      if (failure) throw failure;
      const wait = after?.();
      if (wait) await wait;
    }
  } finally {
    stream.destroy();
  }
  parser.write(decoder.end()).close();
  if (failure) throw failure;
}

/** `x:row` and `row` are the same. */
export const localName = (tag: SaxesTagPlain): string => tag.name.slice(tag.name.indexOf(':') + 1);
const attribute = (tag: SaxesTagPlain, name: string): string | undefined =>
  tag.attributes[name] ?? Object.entries(tag.attributes).find(([key]) => key.endsWith(`:${name}`))?.[1];

export async function readSheets(
  workbook: Readable,
  relations: Readable,
): Promise<{ sheets: SheetPart[]; date1904: boolean }> {
  const named: { name: string; id: string }[] = [];
  let date1904 = false;
  await readXml(workbook, {
    open(tag) {
      if (localName(tag) === 'workbookPr') date1904 = ['1', 'true'].includes(tag.attributes.date1904 ?? '');
      const id = localName(tag) === 'sheet' ? attribute(tag, 'id') : undefined;
      if (id !== undefined) named.push({ name: tag.attributes.name ?? '', id });
    },
  });
  const targets = new Map<string, string>();
  await readXml(relations, {
    open(tag) {
      const { Id: id, Target: target, Type: type } = tag.attributes;
      if (id && target && type?.endsWith('/worksheet'))
        targets.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`);
    },
  });
  const sheets = named.flatMap(({ name, id }) => (targets.has(id) ? [{ name, path: targets.get(id)! }] : []));
  return { sheets, date1904 };
}

/** The texts that cells refer to by number. Readings of Japanese names beside them (rPh) are no part of a text. */
export async function readSharedTexts(
  stream: Readable,
  charactersMax: number,
  tooMany: () => Error,
): Promise<string[]> {
  const texts: string[] = [];
  let characters = 0;
  let text: string | null = null;
  let inText = false;
  let phonetic = 0;
  await readXml(stream, {
    open(tag) {
      const name = localName(tag);
      if (name === 'si') text = '';
      else if (name === 'rPh') phonetic++;
      else if (name === 't') inText = phonetic === 0;
    },
    text(more) {
      if (inText && text !== null) text += more;
    },
    close(tag) {
      const name = localName(tag);
      if (name === 't') inText = false;
      else if (name === 'rPh') phonetic--;
      else if (name === 'si' && text !== null) {
        texts.push(text);
        characters += text.length + 16;
        text = null;
        if (characters > charactersMax) throw tooMany();
      }
    },
  });
  return texts;
}

/** By the number of a cell's style: whether its number is a date, or is shown with leading zeros. */
export async function readFormats(stream: Readable): Promise<NumberFormat[]> {
  const own = new Map<number, string>();
  const formats: NumberFormat[] = [];
  let inStyles = false;
  await readXml(stream, {
    open(tag) {
      const name = localName(tag);
      if (name === 'numFmt') own.set(Number(tag.attributes.numFmtId), tag.attributes.formatCode ?? '');
      else if (name === 'cellXfs') inStyles = true;
      else if (name === 'xf' && inStyles) formats.push(formatOf(Number(tag.attributes.numFmtId ?? 0), own));
    },
    close(tag) {
      if (localName(tag) === 'cellXfs') inStyles = false;
    },
  });
  return formats;
}

function formatOf(id: number, own: ReadonlyMap<number, string>): NumberFormat {
  const code = own.get(id);
  if (code === undefined) {
    const builtIn =
      (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
    return builtIn ? 'date' : null;
  }
  if (/^0{2,}$/.test(code)) return { zeros: code.length };
  // Without texts in quotes, colours and conditions in brackets (but [h] is a time), and escaped characters.
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').split(';')[0]!;
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare) ? 'date' : null;
}
