/** The words of the report: what states, reasons and gaps mean to a person, and the sentences of the summary. */
import type { Question, ReportModel, Suspect } from './model';
import { unitText } from './model';

export const STATES = ['in-stock', 'in-work', 'shipped', 'returned', 'scrapped', 'used', 'unknown'] as const;

export const IN_HOUSE: readonly string[] = ['in-stock', 'in-work', 'returned'];

/** What to say beside counts by state where they add up to more than there are units; nothing where they do not. */
export function severalStates({ states, totals }: Pick<ReportModel, 'states' | 'totals'>): string | null {
  const counted = states.reduce((all, state) => all + state.units, 0);
  return counted > totals.affected ? 'A lot that is in several states counts in each of them.' : null;
}

const STATE_NAMES: Record<string, string> = {
  'in-stock': 'in stock',
  'in-work': 'in work',
  shipped: 'shipped',
  returned: 'returned',
  scrapped: 'scrapped',
  used: 'used up',
  unknown: 'not known',
};

export function stateName(state: string | null): string {
  return state === null ? 'several' : (STATE_NAMES[state] ?? state);
}

export function compareStates(a: string, b: string): number {
  return stateRank(a) - stateRank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function stateRank(state: string): number {
  const rank = (STATES as readonly string[]).indexOf(state);
  return rank < 0 ? STATES.length : rank;
}

const REASONS: Record<string, string> = {
  'before-exposure':
    'no link to it was open after the suspect material came in: what it took was taken before, or had left by then',
  removed: 'the suspect part had left it before the time asked',
  barrier: 'the risk was said to stop there',
  'only-possible': 'only possibly affected, and the question was about certain ones',
  'below-threshold': 'its share of suspect material is below the limit that was set',
};

/** Backward the question is what mattered, and nothing is suspect yet. */
const REASONS_BACKWARD: Record<string, string> = {
  'before-exposure': 'it went in at a time that does not matter for the unit asked about',
  removed: 'it had left before the time that matters',
  'only-possible': 'it went in only possibly, and the question was about certain ones',
};

export function reasonMeaning(reason: string, direction: Question['direction'] = 'forward'): string {
  return (
    (direction === 'backward' ? REASONS_BACKWARD[reason] : undefined) ?? REASONS[reason] ?? reason.replaceAll('-', ' ')
  );
}

const GAPS: Record<string, string> = {
  'no-inputs': 'made without recorded inputs, although the bill of materials has tracked ones',
  'before-it-existed': 'used before it was made or received, by the record',
  overdrawn: 'more was taken than was there, by the record',
  'no-origin': 'named by an event, but never received or made',
  'installed-twice': 'installed again without a recorded removal',
  'removed-without-installation': 'removed, but its installation is not on record',
  'shipped-while-held': 'shipped while it was on hold',
  'used-while-held': 'used while it was on hold',
  'installed-while-held': 'installed while it was on hold',
  'shipped-after-expiry': 'shipped after it had expired',
  'used-after-expiry': 'used after it had expired',
  'installed-after-expiry': 'installed after it had expired',
  'returned-without-shipment': 'returned, but its shipment is not on record',
  'returned-more': 'more of it returned than was shipped to that customer',
  'counted-missing': 'looked for and not found, and nothing says where it is',
  'counted-though-gone': 'found, although the record has it gone',
  'place-unclear': 'taken or counted in one of several places, without saying which',
  'place-short': 'more of it taken at a place than was there, while some was elsewhere',
  'packed-more': 'more of it packed than was there',
  'moved-more': 'more of it moved than was there',
  'taken-though-gone': 'some of it taken after all of it had been shipped or scrapped',
  'unloaded-more': 'more of it taken out of something than was in it',
  'split-more': 'more came of a split or merge than went into it',
  'moved-though-gone': 'moved, although the record has it gone by then',
  'installed-though-gone': 'installed, although the record has it gone by then',
  'changed-though-gone': 'parts put in or taken out, although the record has it gone by then',
  'taken-though-installed': 'moved, shipped or scrapped by itself while it was installed in something',
  'coarse-time': 'a time known only by its day decides whether it is affected',
};

export function gapMeaning(kind: string): string {
  return GAPS[kind] ?? kind.replaceAll('-', ' ');
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** 12480 → "12,480" */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function verdict(complete: boolean, gaps: number): { verdict: string; meaning: string } {
  return complete
    ? {
        verdict: 'COMPLETE',
        meaning:
          'No gap in the records touches this question as of the ledger position below, and nothing was cut short.',
      }
    : {
        verdict: gaps > 0 ? `INCOMPLETE: ${plural(gaps, 'gap')}` : 'INCOMPLETE',
        meaning:
          'Some facts that this question depends on are missing or contradict each other. The true list may be longer or shorter until they are settled; each gap is named below.',
      };
}

export function subjectOf(suspects: Suspect[]): string {
  const [first] = suspects;
  if (!first) return 'no suspect';
  return suspects.length === 1
    ? unitText(first.unit)
    : `${unitText(first.unit)} and ${count(suspects.length - 1)} more`;
}

/** The question as sentences that need no knowledge of the API. */
export function askedSentences(question: Question, suspects: Suspect[]): string[] {
  const many = suspects.length > 1;
  const sentences = [
    question.direction === 'forward'
      ? `Where did ${many ? 'the suspects' : subjectOf(suspects)} go, and what holds ${many ? 'them' : 'it'}?`
      : `What went into ${many ? 'the units' : subjectOf(suspects)}?`,
  ];
  if (question.direction === 'forward')
    sentences.push(
      question.at === 'ever'
        ? 'Counted is every unit that held suspect material at any time.'
        : question.at === 'shipment'
          ? 'Counted is every unit that held suspect material when it was shipped, or holds it now where it was not.'
          : `Counted is every unit that held suspect material at ${question.at}.`,
    );
  const possibly = question.direction === 'forward' ? 'are only possibly affected' : 'went into it only possibly';
  sentences.push(
    question.certainty === 'certain'
      ? `Units that ${possibly} are excluded, and listed as such.`
      : `Units that ${possibly} are included, and told apart.`,
  );
  for (const barrier of question.barriers)
    sentences.push(
      'item' in barrier
        ? `The risk was said to stop at item ${barrier.item}.`
        : `The risk was said to stop where the inspection "${barrier.inspection}" was passed.`,
    );
  if (question.thresholdShare !== null)
    sentences.push(`Units with a share of suspect material below ${question.thresholdShare} are excluded.`);
  if (question.ledgerPosition !== null)
    sentences.push(`Asked as it was known at ledger position ${count(question.ledgerPosition)}.`);
  if (question.justification) sentences.push(`Justification: ${question.justification}`);
  return sentences;
}

type Facts = Pick<ReportModel, 'totals' | 'suspects' | 'states' | 'question' | 'excluded' | 'ended'>;

/** The records say that the suspect part has left them: they stay on the list, and are told apart. */
function noLonger(n: number): string {
  return n === 0 ? '' : ` Of these, ${count(n)} no longer ${n === 1 ? 'holds' : 'hold'} it.`;
}

/** What a manager must know, the most urgent first. */
export function summarySentences({ totals, suspects, states, question, excluded, ended }: Facts): string[] {
  const forward = question.direction === 'forward';
  const sentences = [
    (forward
      ? `${plural(totals.affected, 'unit is', 'units are')} affected`
      : `${plural(totals.affected, 'unit', 'units')} found that went into it`) +
      `: ${count(totals.certain)} certain, ${count(totals.possible)} possible. ` +
      (suspects.length === 1 ? 'The unit asked about is one of them.' : 'The units asked about are among them.'),
  ];
  if (forward) {
    const shipped = states.find((s) => s.state === 'shipped');
    sentences.push(
      totals.customers > 0
        ? `${plural(totals.customers, 'customer')} received affected goods, by ${plural(totals.shipments, 'shipment')}; ${plural(shipped?.units ?? 0, 'unit is', 'units are')} out of the house now.${noLonger(ended.shipped)}`
        : 'No affected unit was shipped, by the record.',
    );
    const inHouse = states.filter((s) => IN_HOUSE.includes(s.state));
    const parts = inHouse.filter((s) => s.units > 0).map((s) => `${count(s.units)} ${stateName(s.state)}`);
    sentences.push(
      parts.length > 0
        ? `Still in the house, to be held: ${parts.join(', ')}.${noLonger(ended.inHouse)}`
        : 'Nothing affected is left in the house.',
    );
  }
  sentences.push(
    excluded.of > 0
      ? `${plural(excluded.of, 'unit was', 'units were')} looked at and excluded, each with its reason.`
      : 'No unit that can be reached was excluded.',
  );
  return sentences;
}
