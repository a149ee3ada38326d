/** From the answers of production to the verdict that fills the screen, with what a person can do about it. */
import { ApiError } from '~/api/client';
import { buildQuery, type Instruction, type ScanAnswer } from '~/api/production';
import { queryClient } from '~/api/queries';
import type { VerdictData } from '~/floor/types';
import { verdictOf } from '~/floor/use-scans';
import { sendWork } from '~/floor/work';
import { unitKey, unitName } from '~/kit/unit';
import { text } from '~/text';

export const kept: VerdictData = { verdict: 'warn', message: text.floor.queued, next: text.floor.queuedNext };

/** `2.5 kg` */
export const QUANTITY = /^\s*(\d+(?:\.\d+)?)\s*([^\s\d]\S*)\s*$/;

/** Typed, but no quantity: nothing is done on a guess. */
export const wrongAmount = (typed: string): VerdictData | null =>
  typed.trim() === '' || QUANTITY.test(typed)
    ? null
    : { verdict: 'warn', message: text.production.build.quantityWrong };

/** What was typed as a quantity; nothing where nothing was. */
export function amountOf(typed: string): { quantity?: { value: string; uom: string } } {
  const [, value, uom] = QUANTITY.exec(typed) ?? [];
  return value && uom ? { quantity: { value, uom } } : {};
}

export type ScanBody = {
  scan: string;
  quantity?: { value: string; uom: string };
  accept?: string[];
  acknowledged?: string[];
};

/** Scans a component for a build; each answer that asks carries the next step along. */
export async function scanInto(build: string, body: ScanBody): Promise<VerdictData> {
  const title = `${text.production.build.work} ${build}: ${body.scan}`;
  const sent = await sendWork<ScanAnswer>(`/builds/${build}/scans`, body, { title });
  return sent.state === 'queued' ? kept : scanned(build, body, sent.answer);
}

function scanned(build: string, body: ScanBody, answer: ScanAnswer): VerdictData {
  queryClient.setQueryData(buildQuery(build).queryKey, answer.build);
  const unread = answer.code === 'INSTRUCTION_UNACKNOWLEDGED';
  const common: VerdictData = {
    verdict: answer.verdict,
    code: answer.code,
    message: answer.message,
    next: answer.next,
    ...(answer.unit ? { unit: answer.unit.unit } : {}),
    instructions: answer.instructions.map((one) => ({ ...one, acknowledge: unread && one.acknowledge })),
    substitutes: answer.substitutes,
  };
  if (unread)
    return {
      ...common,
      acknowledge: (ids) => scanInto(build, { ...body, acknowledged: [...(body.acknowledged ?? []), ...ids] }),
    };
  if (answer.code === 'PART_REVISION')
    return {
      ...common,
      answers: [
        {
          label: text.production.build.useAnyway,
          act: () => scanInto(build, { ...body, accept: [...(body.accept ?? []), 'PART_REVISION'] }),
        },
      ],
    };
  if (answer.choices.length > 0)
    return {
      ...common,
      answers: answer.choices.slice(0, 9).map((one) => ({
        label: unitName(one.unit),
        act: () => scanInto(build, { ...body, scan: unitKey(one.unit) }),
      })),
    };
  if (answer.substitutes.length > 0)
    return {
      ...common,
      choose: (one) => (one.unit ? scanInto(build, { scan: unitKey(one.unit) }) : Promise.resolve(null)),
    };
  return common;
}

type Answer = { verdict: 'ok' | 'warn'; message: string; next?: string; instructions?: Instruction[] };

/** Does a verb of the line; where instructions must be read first, they are shown and the verb goes on after that. */
export async function doVerb<A extends Answer>(
  path: string,
  body: Record<string, unknown>,
  options: { title: string; done?: (answer: A) => void },
): Promise<VerdictData> {
  try {
    // What is sent when the connection is back happened when it was done.
    const timed = { at: new Date().toISOString(), ...body };
    const sent = await sendWork<A>(path, timed, { title: options.title, recordable: true });
    if (sent.state === 'queued') return kept;
    options.done?.(sent.answer);
    const { verdict, message, next, instructions } = sent.answer;
    return { verdict, message, next, ...(instructions ? { instructions: instructions.map(plain) } : {}) };
  } catch (error) {
    const read = (ids: string[]) =>
      doVerb(
        path,
        { ...body, acknowledged: [...((body['acknowledged'] as string[] | undefined) ?? []), ...ids] },
        options,
      );
    return unread(error, read) ?? verdictOf(error);
  }
}

/** The question for what must be read first; null where the error is another one. */
export function unread(error: unknown, read: (ids: string[]) => Promise<VerdictData>): VerdictData | null {
  if (!(error instanceof ApiError) || error.code !== 'INSTRUCTION_UNACKNOWLEDGED') return null;
  const instructions = (error.problem['instructions'] ?? []) as Instruction[];
  return { verdict: 'ask', code: error.code, message: error.message, instructions, acknowledge: read };
}

const plain = (one: Instruction) => ({ ...one, acknowledge: false });
