/** State by shape, word and colour together: none of the three is needed alone. */
import type { Certainty, State } from '~/api/types';
import { text } from '~/text';

type Shape =
  'diamond' | 'full' | 'half' | 'ring' | 'triangle' | 'square' | 'arrow' | 'cross' | 'dash' | 'check' | 'spin' | 'hand';

const paths: Record<Shape, string> = {
  diamond: 'M7 .6 13.4 7 7 13.4.6 7zM7 3.2 3.2 7 7 10.800 10.800 7z',
  full: 'M7 1.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11z',
  half: 'M7 1a6 6 0 1 0 0 12a6 6 0 1 0 0-12zm0 1.4v9.2a4.6 4.6 0 0 0 0-9.2z',
  ring: 'M7 1a6 6 0 1 0 0 12a6 6 0 1 0 0-12zm0 1.6a4.4 4.4 0 1 1 0 8.8a4.4 4.4 0 1 1 0-8.8z',
  triangle: 'M7 .8 13.6 12.8H.4zM6.3 5v4h1.4V5zm0 5v1.4h1.4V10z',
  square: 'M2 2h10v10H2z',
  arrow: 'M1 6h7V2.5L13.2 7 8 11.500V8H1z',
  cross:
    'M2.6 1.200 7 5.600l4.400-4.400 1.400 1.400L8.400 7l4.400 4.400-1.400 1.400L7 8.400l-4.400 4.400-1.400-1.400L5.600 7 1.200 2.600z',
  dash: 'M2 6h10v2H2z',
  check: 'M1.200 7.400 2.700 6l3 3 5.700-6.300 1.500 1.300-7.100 7.900z',
  spin: 'M7 1a6 6 0 0 1 6 6h-1.800A4.200 4.200 0 0 0 7 2.800z',
  hand: 'M4.200 1h5.600L13 4.200v5.600L9.800 13H4.200L1 9.800V4.200zM3.500 6v2h7V6z',
};

export function Glyph({ shape, tone }: { shape: Shape; tone: string }) {
  return (
    <svg
      className={`glyph tone-${tone}${shape === 'spin' ? ' spinning' : ''}`}
      viewBox="0 0 14 14"
      width="12"
      height="12"
      aria-hidden="true"
    >
      <path d={paths[shape]} fillRule="evenodd" />
    </svg>
  );
}

function Mark({ shape, tone, word }: { shape: Shape; tone: string; word: string }) {
  return (
    <span className="mark">
      <Glyph shape={shape} tone={tone} />
      <span>{word}</span>
    </span>
  );
}

export function CertaintyMark({ certainty }: { certainty: Certainty | null | undefined }) {
  if (certainty === 'certain') return <Mark shape="full" tone="certain" word={text.certainty.certain} />;
  if (certainty === 'possible') return <Mark shape="half" tone="possible" word={text.certainty.possible} />;
  return <Mark shape="ring" tone="quiet" word={text.certainty.none} />;
}

const states: Record<State, [Shape, string]> = {
  'in-stock': ['square', 'ok'],
  'in-work': ['diamond', 'work'],
  shipped: ['arrow', 'work'],
  returned: ['arrow', 'warn'],
  scrapped: ['cross', 'quiet'],
  used: ['dash', 'quiet'],
  unknown: ['triangle', 'warn'],
};
/** States in which a unit has no place of its own: it is in another unit, or is no more. */
export const elsewhere = (state: State | null): boolean =>
  state === 'used' || state === 'scrapped' || state === 'in-work';

export function StateMark({ state }: { state: State }) {
  const [shape, tone] = states[state] ?? (['triangle', 'warn'] as const);
  return (
    <span className="mark still">
      <Glyph shape={shape} tone={tone} />
      <span>{text.state[state] ?? state}</span>
    </span>
  );
}

const statuses: Record<string, [Shape, string]> = {
  queued: ['ring', 'quiet'],
  running: ['spin', 'work'],
  done: ['check', 'ok'],
  failed: ['cross', 'act'],
  cancelled: ['dash', 'quiet'],
  ready: ['check', 'ok'],
  loading: ['spin', 'work'],
  rebuilding: ['spin', 'work'],
  off: ['dash', 'quiet'],
};
export function StatusMark({ status, word }: { status: string; word?: string | undefined }) {
  const [shape, tone] = statuses[status] ?? (['ring', 'quiet'] as const);
  return <Mark shape={shape} tone={tone} word={word ?? text.status[status as keyof typeof text.status] ?? status} />;
}

export const GapMark = ({ word }: { word: string }) => <Mark shape="triangle" tone="warn" word={word} />;
export const HoldMark = ({ word }: { word: string }) => <Mark shape="hand" tone="act" word={word} />;
export const CompleteMark = ({ complete }: { complete: boolean }) =>
  complete ? (
    <Mark shape="check" tone="ok" word={text.trace.complete} />
  ) : (
    <Mark shape="triangle" tone="warn" word={text.trace.incomplete} />
  );
