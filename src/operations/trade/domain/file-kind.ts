/** Which files are kept as certificates and other papers: judged by what is in them, not by their name alone. */
import { DomainError } from '@/kernel';

const KINDS = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  csv: 'text/csv; charset=utf-8',
  xml: 'application/xml',
  txt: 'text/plain; charset=utf-8',
} as const;
type Kind = keyof typeof KINDS;
const EXPECTED = 'pdf, png, jpg, csv, xml, txt';

const SIGNATURES: Partial<Record<Kind, Buffer>> = {
  pdf: Buffer.from('%PDF-', 'latin1'),
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  jpg: Buffer.from([0xff, 0xd8, 0xff]),
};

/** The media type of a file by its name and its first bytes. Throws FILE_TYPE_REFUSED: another type, or content of another. */
export function mediaTypeOf(name: string, head: Buffer): string {
  const extension = (/\.([a-z0-9]+)$/i.exec(name)?.[1] ?? '').toLowerCase().replace('jpeg', 'jpg');
  if (!Object.hasOwn(KINDS, extension)) throw refused(name, `"${extension || 'no ending'}" is none of them.`);
  const kind = extension as Kind;
  if (head.length === 0) throw refused(name, 'it is empty.');
  const signature = SIGNATURES[kind];
  if (signature ? !head.subarray(0, signature.length).equals(signature) : !isText(kind, head))
    throw refused(name, `what is in it is no ${kind}.`);
  return KINDS[kind];
}

function isText(kind: Kind, head: Buffer): boolean {
  if (head.includes(0)) return false;
  // A character that the cut went through is no fault of the file.
  const text = new TextDecoder('utf-8').decode(head).replace(/\uFFFD{1,3}$/, '');
  if (text.includes('\uFFFD')) return false;
  return (
    kind !== 'xml' ||
    text
      .replace(/^\uFEFF/, '')
      .trimStart()
      .startsWith('<')
  );
}

function refused(name: string, reason: string): DomainError {
  return new DomainError('FILE_TYPE_REFUSED', { name, reason, expected: EXPECTED });
}

/** A name without its folders and without characters that no header bears. */
export function plainFileName(given: string): string {
  const name = given
    .split(/[\\/]/)
    .at(-1)!
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f"]/g, '')
    .trim();
  return name.slice(-200) || 'file';
}
