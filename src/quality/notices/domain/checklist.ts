/**
 * What the law asks of the content of a notice, as points that are looked up in the text and the case. A point that is not met is
 * no opinion: it says what is missing, and whoever sends without it says so over a signature. Pure.
 */
import { type FieldValues, fill, type NoticeText, partsOf, sectionsOf } from './template';

export interface Point {
  point: string;
  /** where it is asked for */
  source: string;
  asks: string;
  ok: boolean;
  /** what is missing, or by what it is met */
  why: string;
}

export interface CheckedCase {
  class: string | null;
  depth: string | null;
  language: string;
  fields: FieldValues;
  /** whether mail and letters bear a link to an answer page */
  answerPage: boolean;
  /** languages that consignees' countries speak and the case has no text in */
  languagesMissing: readonly string[];
}

interface Found {
  subject: string;
  all: string;
  heading: (section: string) => string;
  text: (section: string) => string;
  has: (section: string, block: string) => boolean;
  shown: (block: string) => boolean;
}

type Verdict = true | string;
interface Rule {
  point: string;
  source: string;
  asks: string;
  check: (found: Found, about: CheckedCase) => Verdict;
}

/** Longer than this, nobody can call it brief: a page and a half. */
const BRIEF_CHARACTERS_MAX = 4_500;

/** The words of the headline, which the regulation itself fixes for each language. */
const EU_HEADLINE: Record<string, string> = {
  en: 'Product safety recall',
  de: 'Produktsicherheitsrückruf',
  fr: 'Rappel de produit pour raisons de sécurité',
};

/** Words that make a hazard look smaller than it is, and words that sell. */
const SOFTENING: Record<string, RegExp> = {
  en: /\b(voluntar\w*|precaution\w*|discretion\w*|rare (?:cases|situations|circumstances)|(?:in )?specific situations|no (?:reported )?(?:accidents|injuries|incidents))\b/i,
  de: /\b(freiwillig\w*|vorsorglich\w*|vorbeugend\w*|seltene[nr]? (?:Fälle\w*|Situation\w*)|bestimmten Situationen|keine (?:gemeldeten )?(?:Unfälle|Verletzungen))/i,
  fr: /\b(volontaire\w*|précaution\w*|discrétionnaire\w*|rares (?:cas|situations)|situations particulières|aucun (?:accident|incident|blessé))/i,
};
const SELLING: Record<string, RegExp> = {
  en: /\b(discount|special offer|award-winning|best[- ]selling|valued customer|proud to|new range)\b/i,
  de: /\b(Rabatt\w*|Sonderangebot\w*|preisgekrönt\w*|sind stolz|neue Kollektion)\b/i,
  fr: /\b(remise|offre spéciale|primé\w*|sommes fiers|nouvelle gamme)\b/i,
};

const filled = (found: Found, section: string, what: string): Verdict => {
  const text = found.text(section);
  if (text === '') return `There is no filled section {#${section}}: ${what}.`;
  return /\[\[.*?\]\]/.test(text) ? `A gap in {#${section}} waits to be filled: ${what}.` : true;
};
const without = (word: RegExp | undefined, text: string): Verdict => {
  const found = word?.exec(text)?.[0];
  return found === undefined ? true : `It says "${found}".`;
};
const both = (...verdicts: Verdict[]): Verdict => verdicts.find((one) => one !== true) ?? true;
const identified = (found: Found, about: CheckedCase): Verdict =>
  both(
    about.fields.product ? true : 'The case does not say which product it is (details: product).',
    filled(found, 'product', 'which product it is'),
    found.shown('lines') ? true : 'The text has no {{lines}}: lots, serials and quantities of the consignee.',
  );
const reachable = (found: Found, about: CheckedCase, section: string): Verdict =>
  both(
    found.text(section) !== '' || found.has(section, 'answerLink') ? true : `There is no filled section {#${section}}.`,
    about.fields.contactPhone || about.fields.contactEmail || (about.answerPage && found.shown('answerLink'))
      ? true
      : 'The case names neither a phone nor an e-mail of its contact, and there is no answer page (PUBLIC_URL).',
  );

const US: Rule[] = [
  {
    point: 'us-recall',
    source: '21 CFR 7.49(a)(1)',
    asks: 'says that the product is subject to a recall',
    check: ({ subject, heading }) =>
      /recall/i.test(subject) && /recall/i.test(heading('headline'))
        ? true
        : 'Subject and headline {#headline} must both say "recall".',
  },
  {
    point: 'us-urgent',
    source: '21 CFR 7.49(b)',
    asks: 'is marked as urgent in class I and II, conspicuously',
    check: ({ subject, heading }, about) =>
      about.class === 'III' || (/urgent/i.test(subject) && /urgent/i.test(heading('headline')))
        ? true
        : `A recall of class ${about.class ?? 'not set yet'} is marked URGENT in subject and headline.`,
  },
  {
    point: 'us-stop',
    source: '21 CFR 7.49(a)(2)',
    asks: 'says that distribution and use of what is left must cease at once',
    check: (found) => filled(found, 'stop', 'stop using and selling it at once'),
  },
  {
    point: 'us-pass-on',
    source: '21 CFR 7.49(a)(3)',
    asks: 'has the consignee tell its own customers, where the recall goes that deep',
    check: (found, about) =>
      about.depth === 'wholesale' ? true : filled(found, 'pass-on', 'tell your own customers who got it'),
  },
  {
    point: 'us-brief',
    source: '21 CFR 7.49(c)(1)(i)',
    asks: 'is brief and to the point',
    check: ({ all }) =>
      all.length <= BRIEF_CHARACTERS_MAX
        ? true
        : `It has ${all.length} characters; ${BRIEF_CHARACTERS_MAX} fill a page and a half.`,
  },
  {
    point: 'us-identify',
    source: '21 CFR 7.49(c)(1)(ii)',
    asks: 'identifies product, size, lots and serials so that they are found at once',
    check: identified,
  },
  {
    point: 'us-reason',
    source: '21 CFR 7.49(c)(1)(iii)',
    asks: 'explains the reason and the hazard concisely',
    check: (found) =>
      both(filled(found, 'reason', 'why it is recalled'), filled(found, 'hazard', 'what can happen to whom')),
  },
  {
    point: 'us-instructions',
    source: '21 CFR 7.49(c)(1)(iv)',
    asks: 'gives specific instructions on what to do with the product',
    check: (found) => filled(found, 'instructions', 'what is to be done with it'),
  },
  {
    point: 'us-reply',
    source: '21 CFR 7.49(c)(1)(v)',
    asks: 'gives a ready means to report what the consignee has of it',
    check: (found, about) => reachable(found, about, 'reply'),
  },
  {
    point: 'us-nothing-else',
    source: '21 CFR 7.49(c)(2)',
    asks: 'has nothing promotional or else that takes away from the message',
    check: ({ all }, { language }) => both(without(SELLING[language], all), without(SOFTENING[language], all)),
  },
];

const EU: Rule[] = [
  {
    point: 'eu-language',
    source: 'Regulation (EU) 2023/988 art. 36(1)',
    asks: 'is in a language that the consignees read',
    check: (_found, { languagesMissing }) =>
      languagesMissing.length === 0 ? true : `There is no text in ${languagesMissing.join(', ')} yet.`,
  },
  {
    point: 'eu-headline',
    source: 'Regulation (EU) 2023/988 art. 36(2)(a)',
    asks: 'is headed by the words that the regulation fixes',
    check: ({ heading }, { language }) => {
      const words = EU_HEADLINE[language];
      if (words === undefined) return `The words in "${language}" are not known here: check the headline by hand.`;
      return heading('headline') === words ? true : `The headline {#headline} must be "${words}".`;
    },
  },
  {
    point: 'eu-product',
    source: 'Regulation (EU) 2023/988 art. 36(2)(b)(i), (ii)',
    asks: 'describes the product: name, brand, batch and serial numbers',
    check: identified,
  },
  {
    point: 'eu-picture',
    source: 'Regulation (EU) 2023/988 art. 36(2)(b)(i)',
    asks: 'shows the product, or says where its picture is',
    check: (found) => filled(found, 'picture', 'where a picture of it is to be seen'),
  },
  {
    point: 'eu-sold',
    source: 'Regulation (EU) 2023/988 art. 36(2)(b)(iii)',
    asks: 'says when, where and by whom it was sold, as far as known',
    check: (found) => (found.shown('lines') ? true : 'The text has no {{lines}}, which bear dates and documents.'),
  },
  {
    point: 'eu-hazard',
    source: 'Regulation (EU) 2023/988 art. 36(2)(c)',
    asks: 'describes the hazard clearly, with nothing that makes it look smaller',
    check: (found, { language }) =>
      both(filled(found, 'hazard', 'what can happen to whom'), without(SOFTENING[language], found.all)),
  },
  {
    point: 'eu-action',
    source: 'Regulation (EU) 2023/988 art. 36(2)(d)',
    asks: 'says what to do, and to stop using the product at once',
    check: (found) =>
      both(filled(found, 'stop', 'stop using it at once'), filled(found, 'instructions', 'what is to be done with it')),
  },
  {
    point: 'eu-remedy',
    source: 'Regulation (EU) 2023/988 art. 36(2)(e)',
    asks: 'says what the consumer gets: repair, replacement or refund',
    check: (found) => filled(found, 'remedy', 'repair, replacement or refund, to choose from'),
  },
  {
    point: 'eu-contact',
    source: 'Regulation (EU) 2023/988 art. 36(2)(f)',
    asks: 'names a free phone number or a page where more is said',
    check: (found, about) => reachable(found, about, 'reply'),
  },
  {
    point: 'eu-share',
    source: 'Regulation (EU) 2023/988 art. 36(2)(g)',
    asks: 'asks to pass the recall on to whoever is concerned',
    check: (found) => filled(found, 'pass-on', 'tell others who may have it'),
  },
];

const ANY: Rule[] = US.filter(({ point }) =>
  ['us-stop', 'us-identify', 'us-reason', 'us-instructions', 'us-reply'].includes(point),
).map((rule) => ({ ...rule, point: rule.point.replace('us-', 'any-'), source: 'good practice' }));

const rulesOf = (jurisdiction: string): Rule[] =>
  /^US\b/i.test(jurisdiction) ? US : /^EU\b/i.test(jurisdiction) ? EU : ANY;

/** Every point of the jurisdiction, met or not, in the order of its source. */
export function checklist(jurisdiction: string, text: NoticeText, about: CheckedCase): Point[] {
  const body = fill(text.body, about.fields);
  const parts = partsOf(body);
  const sections = sectionsOf(parts);
  const found: Found = {
    subject: fill(text.subject, about.fields),
    all: body,
    heading: (section) => sections.get(section)?.heading ?? '',
    text: (section) => sections.get(section)?.text.trim() ?? '',
    has: (section, block) => sections.get(section)?.blocks.includes(block) ?? false,
    shown: (block) => parts.some((part) => part.is === block),
  };
  return rulesOf(jurisdiction).map(({ point, source, asks, check }) => {
    const verdict = check(found, about);
    return { point, source, asks, ok: verdict === true, why: verdict === true ? 'It is there.' : verdict };
  });
}

/** The points that are missing and that the reason of a signature does not name. */
export function unnamed(points: readonly Point[], reason: string): string[] {
  const said = reason.toLowerCase();
  return [...new Set(points.filter((one) => !one.ok && !said.includes(one.point)).map((one) => one.point))];
}
