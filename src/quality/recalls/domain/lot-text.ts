/**
 * Reads lots, serials and their ranges out of text as firms write it. Nothing is guessed in silence: what could be a code and was
 * not taken is `unread` with its reason, and what was taken by judgement has a warning. Pure; never throws.
 */
import { type CodeRange, inRange, rangeMeaning } from './code-range';
import { type Piece, piecesOf } from './lot-tokens';

/** What the text calls the code; a plain list says nothing. */
type Said = 'lot' | 'serial' | 'unsaid';

export interface LotText {
  /** each code once, in the order written */
  lots: { code: string; said: Said }[];
  /** stay ranges: match the plant's codes with `inRange` */
  ranges: (CodeRange & { said: Said })[];
  /** the whole text says "all" and limits it by nothing */
  all: boolean;
  unread: { text: string; why: string }[];
  /** dates, product numbers, quantities: read, and no lots */
  notLots: { text: string; why: string }[];
  warnings: string[];
}

type Mode = Said | 'date' | 'julian' | 'other' | 'none';
const LABELS = {
  'lot-label': 'lot',
  'code-label': 'lot',
  'serial-label': 'serial',
  'date-label': 'date',
  'julian-label': 'julian',
  'other-label': 'other',
} as const satisfies Partial<Record<Piece['kind'], Mode>>;

const PLAIN = new Set<Piece['kind']>(['space', 'line', 'comma', 'semicolon', 'and', 'through', 'except', 'code']);
const isListed = (mode: Mode): mode is Said => mode === 'lot' || mode === 'serial' || mode === 'unsaid';
const isDay = (digits: string): boolean => Number(digits) >= 1 && Number(digits) <= 366;
/** Whether the part after a hyphen could be the end of a range that the part before it begins: 07110002-09. */
function couldEnd(from: string, to: string): boolean {
  const [begin, end] = [/\d+$/.exec(from)?.[0].slice(-to.length), /^\d+$/.exec(to)?.[0]];
  return begin !== undefined && end !== undefined && Number(end) > Number(begin);
}
const shapeOf = (code: string): string => code.replace(/[A-Za-z]/g, 'A').replace(/\d/g, '9');

class Reader {
  readonly result: LotText = { lots: [], ranges: [], all: false, unread: [], notLots: [], warnings: [] };
  private readonly pieces: Piece[];
  private readonly shapes = new Map<string, number>();
  private at = 0;
  private mode: Mode;
  private listed: Said | null;
  /** a date was read since its label: what follows may be a code again */
  private dated = false;
  private excepting = false;
  private between = false;
  private enumerated = 0;
  private open = 0;

  constructor(text: string) {
    this.pieces = piecesOf(text);
    const plain = this.pieces.every(({ kind }) => PLAIN.has(kind));
    this.mode = plain ? 'unsaid' : 'none';
    this.listed = plain ? 'unsaid' : null;
    for (const { kind, text: code } of this.pieces)
      if (kind === 'code') this.shapes.set(shapeOf(code), (this.shapes.get(shapeOf(code)) ?? 0) + 1);
  }

  read(): LotText {
    while (this.at < this.pieces.length) this.step(this.pieces[this.at]!);
    const { lots, ranges, all } = this.result;
    if (lots.length + ranges.length === 0 && !all) this.warn('No lot and no serial is read from this text.');
    return this.result;
  }

  private step(piece: Piece): void {
    const { kind, text } = piece;
    if (kind === 'code' || (kind === 'word' && this.beginsSpaced())) return this.codes();
    this.at++;
    if (kind in LABELS) return this.label(kind as keyof typeof LABELS, text);
    switch (kind) {
      case 'semicolon':
      case 'line':
        return this.clause();
      case 'enumerator':
        this.enumerated = /^\d/.test(text) ? parseInt(text, 10) : this.enumerated;
        return;
      case 'except':
        this.excepting = true;
        return;
      case 'between':
        this.between = true;
        return;
      case 'date':
        return this.date(text);
      case 'quantity':
        this.note(text.startsWith('(') ? 'notLots' : 'unread', text, 'A quantity.');
        return;
      case 'none':
        return this.note('notLots', text, 'Says that there is none.');
      case 'all':
        return this.allOf(text);
      case 'word':
        if (/^(?:not?|never|unaffected)$/i.test(text))
          this.warn(`The text says "${text}": look whether a code is meant to be left out.`);
        return this.note('unread', text, 'Words that are no code.');
      case 'mark':
        if (text === '(') this.open++;
        if (text === ')') this.open = Math.max(0, this.open - 1);
        return;
      default:
        return;
    }
  }

  private label(kind: keyof typeof LABELS, text: string): void {
    this.mode = LABELS[kind];
    this.excepting = this.excepting && isListed(this.mode);
    this.dated = false;
    if (isListed(this.mode)) this.listed = this.mode;
    if (kind === 'code-label') this.warn(`"${text.trim()}" is taken for the label of a lot.`);
  }

  /** A part ends: dates and product numbers are over, the list that was before them goes on. */
  private clause(): void {
    this.excepting = this.between = false;
    if (this.mode === 'date' && this.listed) this.mode = this.listed;
    else if (!isListed(this.mode)) this.mode = 'none';
  }

  private date(text: string): void {
    if (isListed(this.mode) && /^[\d/-]+$/.test(text)) return this.note('unread', text, 'Could be a date or a code.');
    this.dated = true;
    this.note('notLots', text, 'A date.');
  }

  private allOf(text: string): void {
    const alone = this.pieces.every(({ kind }) =>
      ['space', 'line', 'mark', 'all', 'enumerator', 'semicolon'].includes(kind),
    );
    if (alone) this.result.all = true;
    else
      this.note(
        'unread',
        text,
        '"All" is limited by other words or dates: choose the item or the time in which it was made.',
      );
    this.mode = /lot|batch|code/i.test(text) ? 'lot' : 'none';
  }

  /** The index of the next piece that is no space, from `from` on. */
  private next(from: number): number {
    let at = from;
    while (this.pieces[at]?.kind === 'space') at++;
    return at;
  }

  /** Capitals right before a code, in a list: "TFRS 130B 1503". */
  private beginsSpaced(): boolean {
    const piece = this.pieces[this.at]!;
    const after = this.pieces[this.next(this.at + 1)];
    return isListed(this.mode) && /^[A-Z]{1,8}$/.test(piece.text) && after?.kind === 'code';
  }

  /** Codes with nothing but spaces between them. */
  private spaced(from: number): { words: string[]; end: number } {
    const words: string[] = [];
    let [at, end] = [from, from];
    for (;;) {
      const piece = this.pieces[at];
      const caps = piece?.kind === 'word' && /^[A-Z]{1,8}$/.test(piece.text) && words.length === 0;
      if (!piece || !(piece.kind === 'code' || caps)) return { words, end };
      words.push(piece.text);
      end = at + 1;
      at = this.next(end);
    }
  }

  private codes(): void {
    const first = this.spaced(this.at);
    const joint = this.pieces[this.next(first.end)];
    const joins = joint?.kind === 'through' || (this.between && joint?.kind === 'and');
    const second = joins ? this.spaced(this.next(this.next(first.end) + 1)) : null;
    this.between = false;
    const from = this.at;
    if (second && second.words.length > 0) {
      this.at = second.end;
      const text = this.pieces
        .slice(from, second.end)
        .map((p) => p.text)
        .join('');
      return this.range(first.words, second.words, text);
    }
    this.at = first.end;
    if (!this.takes(first.words.join(' '))) return;
    for (const code of this.apart(first.words)) this.one(code);
  }

  /** Whether a code here is of a list; notes it where it is not. */
  private takes(text: string): boolean {
    if (this.mode === 'date' && this.dated && this.listed) this.mode = this.listed;
    if (isListed(this.mode)) return true;
    if (this.mode === 'date') this.dated = true;
    if (this.mode === 'date') this.note('notLots', text, 'Stands where a date is named.');
    else if (this.mode === 'other') this.note('notLots', text, 'Stands where a product or another number is named.');
    else if (this.mode === 'julian') this.note('unread', text, 'A day number: choose the time in which it was made.');
    else this.note('unread', text, 'Nothing says that it is a lot or a serial: write "lot" before it.');
    return false;
  }

  /** Several codes whose comma is missing, or one that has spaces. */
  private apart(words: string[]): string[] {
    if (words.length === 1) return words;
    const alike = words.every((word) => word.length > 4 && (this.shapes.get(shapeOf(word)) ?? 0) > 1);
    this.warn(
      alike
        ? `"${words.join(' ')}" is read as ${words.length} codes: they look alike.`
        : `"${words.join(' ')}" is read as one code that has spaces.`,
    );
    return alike ? words : [words.join(' ')];
  }

  private one(written: string): void {
    let code = written;
    if (this.pieces[this.at]?.text === ')' && this.open === 0) {
      const next = String(this.enumerated + 1);
      if (this.enumerated === 0 || !code.endsWith(next) || code.length - next.length < 3)
        return this.note('unread', `${code})`, 'Runs into the number of the next part.');
      code = code.slice(0, -next.length);
      this.enumerated++;
      this.warn(`"${written})" is read as ${code} and the number ${next}) of the next part.`);
    }
    const ends = /^([^-]+)-([^-]+)$/.exec(code);
    const span = ends && { from: ends[1]!, to: ends[2]! };
    if (span && span.from.length > 2 && span.from !== span.to && rangeMeaning(span)) {
      this.warn(`"${code}" is read as a range.`);
      return this.keepRange(span.from, span.to, code);
    }
    if (span && couldEnd(span.from, span.to)) this.warn(`"${code}" is read as one code, though it could be a range.`);
    if (/\d(?:exp|lot|upc|bb)$/i.test(code)) this.warn(`"${code}" may have run into the next word.`);
    if (this.excepting) return this.except(code, code, code);
    const { said, lots } = { said: this.mode as Said, lots: this.result.lots };
    if (!lots.some((lot) => lot.code === code)) lots.push({ code, said });
  }

  private range(first: string[], second: string[], text: string): void {
    if (!this.takes(text)) return;
    if (this.pieces[this.at]?.text === ')' && this.open === 0)
      return this.note('unread', `${text})`, 'Runs into the number of the next part.');
    // Codes before the one that begins the range, or after its end, have no comma: which belong to it is not said.
    if (first.length > 1 || second.length > 1)
      return this.note('unread', text, 'Where the range begins and ends is not clear: put commas between codes.');
    this.keepRange(first[0]!, second[0]!, text);
  }

  private keepRange(from: string, to: string, text: string): void {
    const meaning = rangeMeaning({ from, to });
    if (!meaning)
      return this.note('unread', text, 'A range whose ends do not fit: same length, and one number that grows.');
    if (this.excepting) return this.except(from, to, text);
    if ([from, to].every((end) => /^(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d\d$/.test(end)))
      this.warn(`"${text}" is read as codes in counting order, though its ends look like dates.`);
    // 00112 through 10412 can be days 1 to 104 of a year 12: counting takes other years in between too.
    if (/^\d{5}$/.test(from) && from.slice(3) === to.slice(3) && [from, to].every((end) => isDay(end.slice(0, 3))))
      this.warn(`"${text}" is read as codes in counting order, though its ends look like a day and a year.`);
    this.result.ranges.push({ from, to, except: [], said: this.mode as Said });
  }

  private except(from: string, to: string, text: string): void {
    const range = this.result.ranges.at(-1);
    if (range && inRange(from, range) && inRange(to, range)) range.except.push({ from, to });
    else this.note('unread', text, 'Follows "except" and is not in the range before it.');
  }

  private note(into: 'unread' | 'notLots', text: string, why: string): void {
    const list = this.result[into];
    const last = list.at(-1);
    const before = this.pieces[this.at - 2];
    if (into === 'unread' && last?.why === why && why.startsWith('Words') && before?.kind === 'space')
      last.text += ` ${text}`;
    else list.push({ text, why });
  }

  private warn(warning: string): void {
    if (!this.result.warnings.includes(warning)) this.result.warnings.push(warning);
  }
}

/** What a text names. Codes keep their case and spelling. */
export function readLotText(text: string): LotText {
  return new Reader(text).read();
}
