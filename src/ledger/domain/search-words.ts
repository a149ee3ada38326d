/** What people type into the search, and why a thing was found by it. Pure. */

/** Words with fewer letters are looked for at the beginning of numbers alone. */
export const LETTERS_MIN = 3;
const WORDS_MAX = 8;

/** The words of a search: all of them must be found. What nobody can type, and what is in no number, is left out. */
export function searchWords(text: string): string[] {
  const typed = text.replace(/[\u0000-\u001f\u007f]+/g, ' '); // eslint-disable-line no-control-regex
  return [...new Set(typed.split(/\s+/).filter((word) => word !== ''))].slice(0, WORDS_MAX);
}

/**
 * Whether the word is looked for anywhere in a text. Trigrams find those with three letters or digits in a row; others of this
 * length, such as NC-1, are read for as long as a search may take, and the answer says where that was not enough.
 */
export function isLong(word: string): boolean {
  return word.length >= LETTERS_MIN;
}

/** What an index over trigrams finds a word by: three letters or digits in a row, in lower case. */
export function trigramsOf(word: string): string[] {
  const found: string[] = [];
  for (let at = 0; at + 3 <= word.length; at++) {
    const three = word.slice(at, at + 3).toLowerCase();
    if (/^[\p{L}\p{N}]{3}$/u.test(three)) found.push(three);
  }
  return found;
}

/** A trigram in more of the texts than this is read through for nothing, where others are rare. */
const COMMON_SHARE = 0.05;
/** So many rare ones leave few enough to be looked at one by one. */
const RARE_MIN = 3;

/**
 * The part of a word that the index is asked for: from its first rare trigram to its last. All serials of a plant may begin with
 * SN0: to look up in what millions of texts that is costs more than all the rest of the number.
 */
export function rarePart(word: string, shares: ReadonlyMap<string, number>): string {
  const rare = (at: number): boolean => {
    const [three] = trigramsOf(word.slice(at, at + 3));
    return three !== undefined && (shares.get(three) ?? 1) <= COMMON_SHARE;
  };
  const places = Array.from(word, (_, at) => at).filter(rare);
  return places.length < RARE_MIN ? word : word.slice(places[0], places.at(-1)! + 3);
}

/** The fields of a text that is searched; each stands behind a control character that says which one it is. */
const FIELDS = [
  'code',
  'supplier-lot',
  'alias',
  'document',
  'partner',
  'attribute',
  'note',
  'reference',
  'id',
] as const;
export type SearchField = (typeof FIELDS)[number];

export function fieldMark(field: SearchField): string {
  return String.fromCharCode(1 + FIELDS.indexOf(field));
}

/** Fields as one text; values that are empty or there already are left out. */
export function searchText(fields: readonly (readonly [SearchField, string])[]): string {
  const parts = fields.filter(([, value]) => value !== '').map(([field, value]) => fieldMark(field) + plain(value));
  return [...new Set(parts)].join('').slice(0, TEXT_CHARACTERS_MAX);
}

/** More of one thing is not searched: a lot that went to a thousand customers is found by their documents. */
export const TEXT_CHARACTERS_MAX = 4_000;

const plain = (value: string): string => value.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim(); // eslint-disable-line no-control-regex

export interface Why {
  field: SearchField;
  /** the value in which a word was found, as it was written */
  value: string;
}

/** The fields of a text. */
export function fieldsOf(text: string): Why[] {
  const fields: Why[] = [];
  for (const character of text) {
    const field = FIELDS[character.charCodeAt(0) - 1];
    if (field !== undefined) fields.push({ field, value: '' });
    else if (fields.length > 0) fields.at(-1)!.value += character;
  }
  return fields;
}

/** Which fields of the text hold which words; a word in several fields is told of once, by the first. */
export function whyFound(text: string, words: readonly string[]): Why[] {
  const fields = fieldsOf(text);
  const found = new Set<Why>();
  for (const word of words) {
    const field = fields.find(({ value }) => value.toLowerCase().includes(word.toLowerCase()));
    if (field) found.add(field);
  }
  return [...found];
}

/** Keys of an event that name units, amounts and times: what hangs on them is found by the units themselves. */
const NOT_TEXT = new Set([
  ...['type', 'id', 'at', 'madeAt', 'expires', 'from', 'until', 'due', 'quantity', 'measured', 'limits', 'uom', 'mode'],
  ...['unit', 'units', 'inputs', 'outputs', 'parent', 'run', 'vessel', 'certainty', 'result', 'for', 'lot', 'serial'],
]);
const FIELD_OF: Partial<Record<string, SearchField>> = {
  note: 'note',
  reason: 'note',
  condition: 'note',
  attributes: 'attribute',
  supplierLot: 'supplier-lot',
  supplier: 'partner',
  customer: 'partner',
  partner: 'partner',
  aliases: 'alias',
};

/** What an event is found by: its own number, texts, references and attributes. */
export function eventText(clientId: string, body: Readonly<Record<string, unknown>>): string {
  const fields: [SearchField, string][] = [['id', clientId]];
  const take = (value: unknown, field: SearchField, key: string): void => {
    if (Array.isArray(value)) for (const one of value) take(one, field, key);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value))
        if (field === 'attribute' || !NOT_TEXT.has(name))
          take(inner, field === 'attribute' ? field : (FIELD_OF[name] ?? field), name);
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      fields.push([field, field === 'attribute' ? `${key} ${value}` : String(value)]);
  };
  for (const [key, value] of Object.entries(body))
    if (!NOT_TEXT.has(key)) take(value, FIELD_OF[key] ?? 'reference', key);
  return searchText(fields);
}
