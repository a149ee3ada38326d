/** Cuts the text of a scope into pieces that say what they are; every character belongs to exactly one piece. Pure. */

export type PieceKind =
  | 'space'
  | 'line'
  | 'comma'
  | 'semicolon'
  | 'and'
  | 'through'
  | 'between'
  | 'except'
  | 'enumerator'
  | 'quantity'
  | 'date'
  | 'all'
  | 'none'
  | 'lot-label'
  | 'code-label'
  | 'serial-label'
  | 'date-label'
  | 'julian-label'
  | 'other-label'
  | 'code'
  | 'word'
  | 'mark';

export interface Piece {
  kind: PieceKind;
  text: string;
}

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const END = '(?![A-Za-z0-9])';
const NUMBERED = `(?:\\s*(?:numbers?|nos?\\.|codes?${END}|#'?s?))?(?:\\s*[:#]+)*`;
const sticky = (source: string): RegExp => new RegExp(source, 'iy');

/** In this order: the first that fits at a place has it. */
const RULES: readonly (readonly [PieceKind, RegExp])[] = [
  ['line', sticky('\\s*[\\r\\n]\\s*')],
  ['space', sticky('\\s+')],
  ['quantity', sticky('\\(\\s*\\d[\\d,]*\\s*[a-z]+\\s*\\)')],
  ['quantity', sticky(`\\d{1,3}(?:,\\d{3})+\\s+(?:units?|cases?|boxes|pieces|bottles|lbs?|kg)${END}(?!\\s*[:#])`)],
  ['quantity', sticky(`\\d{1,4}\\s+(?:units?|cases?|boxes|pieces|bottles|lbs?|kg)${END}(?!\\s*[:#])`)],
  ['enumerator', sticky('(?:\\d{1,2}|[a-z])\\)')],
  [
    'date',
    sticky(
      `(?:\\d{1,2}[\\s-]*)?${MONTH}${END}\\.?(?:[\\s-]*\\d{1,2}(?:st|nd|rd|th)?${END}(?![-/]))?(?:,?[\\s-]*(?:19|20)\\d\\d${END})?`,
    ),
  ],
  ['date', sticky('(?:0?[1-9]|[12]\\d|3[01])([/-])(?:0?[1-9]|[12]\\d|3[01])\\1(?:\\d{4}|\\d{2})(?![\\w/-])')],
  ['date', sticky('(?:19|20)\\d\\d([/-])(?:0?[1-9]|1[0-2])\\1(?:0?[1-9]|[12]\\d|3[01])(?![\\w/-])')],
  ['date', sticky('(?:0?[1-9]|1[0-2])/(?:\\d{4}|\\d{2})(?![\\w/-])')],
  ['none', sticky(`(?:n/a|not applicable|none)${END}`)],
  [
    'all',
    sticky(`all\\s+(?:lots?|batch(?:es)?|codes?|products?|serials?|units?)${END}(?:\\s+(?:numbers?|codes?)${END})?`),
  ],
  ['julian-label', sticky(`julian${END}(?:\\s+dates?${END})?${NUMBERED}`)],
  [
    'date-label',
    sticky(
      `(?:best(?:\\s+if)?(?:\\s+used)?[\\s-]*(?:by|before)|(?:use|used|sell|freeze)[\\s-]*by|exp(?:iration|iry|ires?)?${END}\\.?|` +
        `(?:manufactur(?:ed|ing|e)|produc(?:ed|tion)|pack(?:ed|ing)|mfg\\.?)\\s+(?:dated?|dates|on)${END}|dates?\\s+(?:produced|manufactured|packed)|dated?${END}|dates${END})` +
        `${END}(?:\\s*(?:dates?|codes?)${END})?(?:\\s*(?:on|of)${END})?\\s*:?`,
    ),
  ],
  ['lot-label', sticky(`(?:lots?|batch(?:es)?)${END}${NUMBERED}`)],
  ['serial-label', sticky(`(?:serials?|s/n|units?)${END}${NUMBERED}`)],
  [
    'other-label',
    sticky(
      `(?:upc|gtin|ean|ndc|sku|item|model|catalog(?:ue)?|ref|reference|part|product|case|recall|version|order|invoice|po|phone|tel)${END}${NUMBERED}`,
    ),
  ],
  ['code-label', sticky(`codes?${END}\\s*(?:numbers?|#)?\\s*[:#]*`)],
  [
    'except',
    sticky(`(?:except(?:ing|\\s+for)?|exclud(?:ing|es?)|but\\s+not(?!\\s+limited)|other\\s+than|without)${END}:?`),
  ],
  ['between', sticky(`(?:between|from)${END}`)],
  ['through', sticky(`(?:through|thru|to|until|up\\s+to)${END}`)],
  ['through', sticky('(?:[–—]|-(?=\\s))')],
  ['and', sticky(`(?:and/or|and|or)${END}`)],
  ['and', sticky('&')],
  ['comma', sticky(',')],
  ['semicolon', sticky(';')],
  ['code', sticky('(?=[A-Za-z._/+-]*\\d)[A-Za-z0-9](?:[\\w/+.-]*[A-Za-z0-9+])?')],
  ['word', sticky("[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’.-]*")],
];

const MARK = /[^]/y;

/** The pieces of a text in order; joined again they are the text. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length;) {
    const piece = pieceAt(text, at);
    pieces.push(piece);
    at += piece.text.length;
  }
  return pieces;
}

function pieceAt(text: string, at: number): Piece {
  const inside = at > 0 && /[A-Za-z0-9]/.test(text[at - 1]!);
  for (const [kind, pattern] of RULES) {
    // A word begins where none goes on: "16KS02281" holds no enumerator, "Slots" no label.
    if (inside && kind !== 'code' && kind !== 'word' && /[A-Za-z0-9]/.test(text[at]!)) continue;
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found) return { kind, text: found };
  }
  MARK.lastIndex = at;
  return { kind: 'mark', text: MARK.exec(text)![0] };
}
