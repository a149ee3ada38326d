import type { DispositionState } from '~/api/holds';
import { StatusMark } from '~/kit/marks';
import { text } from '~/text';

const shapes: Record<DispositionState, string> = {
  proposed: 'queued',
  approved: 'ready',
  refused: 'failed',
  withdrawn: 'cancelled',
  done: 'done',
};

export const DecisionMark = ({ state }: { state: DispositionState }) => (
  <StatusMark status={shapes[state]} word={text.holds.states[state]} />
);

const DAY_MS = 86_400_000;
export const ageDays = (at: string | null): number =>
  at === null ? 0 : Math.max(0, Math.floor((Date.now() - Date.parse(at)) / DAY_MS));
