/** A trace's question in words. */
import type { Question, Seed } from '~/api/types';
import { text } from '~/text';
import { percentOf } from './amount';
import { formatTime } from './time';
import { unitName } from './unit';

export const questionTitle = (question: Question): string => {
  const [first, ...rest] = question.seeds;
  const seed = first ? unitName(first.unit) : '';
  return `${text.direction[question.direction]} · ${seed}${rest.length > 0 ? ` ${text.andMore(rest.length)}` : ''}`;
};

export function seedWindow(seed: Seed, zone: string): string {
  if (!seed.from && !seed.until) return text.time.always;
  return `${seed.from ? formatTime(seed.from, zone) : text.time.fromEver} → ${seed.until ? formatTime(seed.until, zone) : text.time.open}`;
}

/** What was asked beside the seeds; each a short phrase. */
export function questionWords(question: Question, zone: string): string[] {
  const words: string[] = [];
  if (question.direction === 'forward') {
    if (!question.at || question.at === 'ever') words.push(text.question.ever);
    else if (question.at === 'shipment') words.push(text.question.shipment);
    else
      words.push(text.question.at(/^\d{4}-\d\d-\d\d$/.test(question.at) ? question.at : formatTime(question.at, zone)));
  }
  words.push(question.certainty === 'certain' ? text.question.certainOnly : text.question.both);
  for (const barrier of question.barriers ?? []) {
    words.push(
      'item' in barrier ? text.question.barrierItem(barrier.item) : text.question.barrierInspection(barrier.inspection),
    );
  }
  if (question.thresholdShare) words.push(text.question.threshold(percentOf(question.thresholdShare)));
  return words;
}
