/** Which files consignees may send: pictures, PDFs and lists, judged by what is in them. Pure. */
import { DomainError } from '@/kernel';

const TYPES: Record<string, { mediaType: string; begins: Buffer | null }> = {
  pdf: { mediaType: 'application/pdf', begins: Buffer.from('%PDF-', 'latin1') },
  png: { mediaType: 'image/png', begins: Buffer.from([0x89, 0x50, 0x4e, 0x47]) },
  jpg: { mediaType: 'image/jpeg', begins: Buffer.from([0xff, 0xd8, 0xff]) },
  csv: { mediaType: 'text/csv; charset=utf-8', begins: null },
  txt: { mediaType: 'text/plain; charset=utf-8', begins: null },
};
const EXPECTED = Object.keys(TYPES).join(', ');

/** Throws FILE_TYPE_REFUSED. */
export function answerFileType(name: string, head: Buffer): string {
  const ending = (/\.([a-z0-9]+)$/i.exec(name)?.[1] ?? '').toLowerCase().replace('jpeg', 'jpg');
  const type = Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined;
  const refuse = (reason: string) => new DomainError('FILE_TYPE_REFUSED', { name, reason, expected: EXPECTED });
  if (!type) throw refuse(`"${ending || 'no ending'}" is none of them.`);
  if (head.length === 0) throw refuse('it is empty.');
  const fits = type.begins === null ? !head.includes(0) : head.subarray(0, type.begins.length).equals(type.begins);
  if (!fits) throw refuse(`what is in it is no ${ending}.`);
  return type.mediaType;
}

/** A name without folders and without characters that no header bears. */
export function plainName(given: string): string {
  const name = given
    .split(/[\\/]/)
    .at(-1)!
    .replace(/[\p{Cc}"]/gu, '')
    .trim();
  return name.slice(-200) || 'file';
}
