/**
 * A notice text: `# ` headline, `## ` headings, `- ` list items, paragraphs. `{#id}` after a heading says what its section is for,
 * so that the checklist finds it whatever it is called. `{{field}}` is filled from the case; `{{lines}}` and `{{answerLink}}` stand
 * on lines of their own. `[[…]]` is a gap that somebody has to fill by hand. Pure.
 */

export const FIELDS = [
  'case',
  'class',
  'date',
  'consignee',
  'product',
  'reason',
  'hazard',
  'doWhat',
  'contactName',
  'contactPhone',
  'contactEmail',
] as const;
export type Field = (typeof FIELDS)[number];
export type FieldValues = Partial<Record<Field, string>>;
export const BLOCKS = ['lines', 'answerLink'] as const;

export interface NoticeText {
  subject: string;
  body: string;
}

export type Part =
  | { is: 'headline' | 'heading'; text: string; section: string | null }
  | { is: 'paragraph'; text: string }
  | { is: 'list'; items: string[] }
  | { is: 'lines' }
  | { is: 'answerLink' };

const HEADING = /^(#{1,2})\s+(.*?)(?:\s*\{#([a-z-]+)\})?\s*$/;

/** Fields that the text names and nobody knows. */
export function unknownFields({ subject, body }: NoticeText): string[] {
  const known = new Set<string>([...FIELDS, ...BLOCKS]);
  const named = [...`${subject}\n${body}`.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].map(([, name]) => name ?? '');
  return [...new Set(named.filter((name) => !known.has(name)))];
}

/** The text with its fields filled; one that the case does not have is empty. */
export function fill(text: string, values: FieldValues): string {
  return text.replace(/\{\{\s*([A-Za-z]+)\s*\}\}/g, (whole, name: string) =>
    (BLOCKS as readonly string[]).includes(name) ? whole : (values[name as Field] ?? ''),
  );
}

/** The parts of a filled body, in order. Empty paragraphs are left out. */
export function partsOf(body: string): Part[] {
  const parts: Part[] = [];
  let paragraph: string[] = [];
  let items: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0) parts.push({ is: 'paragraph', text: paragraph.join(' ') });
    if (items.length > 0) parts.push({ is: 'list', items });
    paragraph = [];
    items = [];
  };
  for (const line of body.split(/\r?\n/).map((one) => one.trim())) {
    const heading = HEADING.exec(line);
    const block = /^\{\{\s*(lines|answerLink)\s*\}\}$/.exec(line)?.[1];
    if (line === '' || heading || block !== undefined) flush();
    if (heading)
      parts.push({
        is: heading[1] === '#' ? 'headline' : 'heading',
        text: heading[2] ?? '',
        section: heading[3] ?? null,
      });
    else if (block !== undefined) parts.push({ is: block as 'lines' | 'answerLink' });
    else if (line.startsWith('- ')) items.push(line.slice(2));
    else if (line !== '') paragraph.push(line);
  }
  flush();
  return parts;
}

/** What stands under each section that has an id: its texts in one, and which blocks it shows. */
export function sectionsOf(parts: readonly Part[]): Map<string, { heading: string; text: string; blocks: string[] }> {
  const sections = new Map<string, { heading: string; text: string; blocks: string[] }>();
  let current: { heading: string; text: string; blocks: string[] } | null = null;
  for (const part of parts) {
    if (part.is === 'headline' || part.is === 'heading') {
      current = { heading: part.text, text: '', blocks: [] };
      if (part.section !== null) sections.set(part.section, current);
    } else if (current === null) continue;
    else if (part.is === 'paragraph') current.text += ` ${part.text}`;
    else if (part.is === 'list') current.text += ` ${part.items.join(' ')}`;
    else current.blocks.push(part.is);
  }
  return sections;
}
