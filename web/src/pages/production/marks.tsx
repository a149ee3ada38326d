/** The states of orders and builds, and what of a design is open: shape, word and colour together. */
import { Glyph } from '~/kit/marks';
import { text } from '~/text';

const shapes = {
  planned: ['ring', 'quiet'],
  released: ['diamond', 'work'],
  'in-progress': ['half', 'work'],
  closed: ['check', 'ok'],
  cancelled: ['dash', 'quiet'],
  open: ['half', 'work'],
  parked: ['ring', 'warn'],
  finished: ['check', 'ok'],
  abandoned: ['dash', 'quiet'],
  voided: ['dash', 'warn'],
} as const;

export function WorkState({ state }: { state: keyof typeof shapes }) {
  const [shape, tone] = shapes[state];
  return (
    <span className="mark">
      <Glyph shape={shape} tone={tone} />
      <span>{text.production.states[state] ?? state}</span>
    </span>
  );
}

export function DesignMark({ open, say }: { open: boolean; say: string }) {
  return (
    <span className="mark">
      <Glyph shape={open ? 'triangle' : 'check'} tone={open ? 'warn' : 'ok'} />
      <span>{say}</span>
    </span>
  );
}
