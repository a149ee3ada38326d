/** From the answers of receiving, picking, shipping and returns to the verdict that fills the screen. */
import { ApiError } from '~/api/client';
import type { Answer, Instruction } from '~/api/trade';
import type { VerdictData } from '~/floor/types';
import { verdictOf } from '~/floor/use-scans';
import { sendWork } from '~/floor/work';
import { text } from '~/text';

const kept: VerdictData = { verdict: 'warn', message: text.floor.queued, next: text.floor.queuedNext };
type Body = Record<string, unknown> & { acknowledged?: string[] };

/** What was only asked, nothing being recorded: shown with how the thing is to be treated. */
export function shown(answer: Answer): VerdictData {
  return {
    verdict: answer.verdict,
    code: answer.code,
    message: answer.message,
    next: answer.next,
    ...(answer.unit ? { unit: answer.unit } : {}),
    instructions: answer.instructions.map((one) => ({ ...one, acknowledge: false })),
  };
}

/** Instructions that must be read before anything else; once they are, `then` goes on with their ids. */
export function unread(
  answer: Pick<Answer, 'message' | 'instructions'>,
  then: (ids: string[]) => Promise<VerdictData | null>,
): VerdictData | null {
  if (!answer.instructions.some((one) => one.acknowledge)) return null;
  return { verdict: 'ask', message: answer.message, instructions: answer.instructions, acknowledge: then };
}

/** Does a work; where instructions must be read first they are shown, and it goes on after that. */
export async function doWork<A>(
  path: string,
  body: Body,
  options: { title: string; done: (answer: A) => VerdictData | null | Promise<VerdictData | null> },
): Promise<VerdictData | null> {
  try {
    // One day late is late: what is sent when the connection is back happened when it was done.
    const sent = await sendWork<A>(path, { at: new Date().toISOString(), ...body }, { title: options.title });
    return sent.state === 'queued' ? kept : await options.done(sent.answer);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'INSTRUCTION_UNACKNOWLEDGED') return verdictOf(error);
    return {
      verdict: 'ask',
      code: error.code,
      message: error.message,
      instructions: (error.problem['instructions'] ?? []) as Instruction[],
      acknowledge: (ids) => doWork(path, { ...body, acknowledged: [...(body.acknowledged ?? []), ...ids] }, options),
    };
  }
}
