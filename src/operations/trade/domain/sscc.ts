/** Serial shipping container codes: 18 digits, the last of which proves the others (GS1 General Specifications, 2.2.1). */
import { DomainError, hasCheckDigit } from '@/kernel';

const DIGITS = 17;

/** The SSCC of a serial number under a prefix (extension digit and company prefix). Throws SSCC_PREFIX_MISSING when none is left. */
export function ssccOf(prefix: string, serial: number): string {
  const digits = prefix + String(serial).padStart(DIGITS - prefix.length, '0');
  if (digits.length !== DIGITS) throw new DomainError('SSCC_PREFIX_MISSING', { setting: 'SSCC_PREFIX' });
  for (let check = 0; check < 10; check++) if (hasCheckDigit(`${digits}${check}`)) return `${digits}${check}`;
  throw new Error('a number has a check digit');
}

/** The code of a container as it was scanned or typed: `(00)…`, or the code alone. Throws SSCC_INVALID: a wrong check digit. */
export function containerCode(text: string): string {
  const code = text
    .replace(/^\](?:C1|d2|Q3)/, '')
    .replace(/^\(00\)/, '')
    .trim();
  const sscc = /^00(\d{18})$/.exec(code)?.[1] ?? code;
  // Eighteen digits are an SSCC and nothing else; a plant's own crate numbers may be anything.
  if (/^\d{18}$/.test(sscc) && !hasCheckDigit(sscc)) throw new DomainError('SSCC_INVALID', { sscc });
  return sscc;
}
