/** How far a case is, and whether it is for practice, in word and shape. */
import { recallStates, type Recall, type RecallLine } from '~/api/recalls';
import { Glyph } from '~/kit/marks';
import { Notice } from '~/kit/page';
import { text } from '~/text';

const words = text.recalls;

export function RecallMark({ row }: { row: Pick<RecallLine, 'state' | 'drill'> }) {
  const state = words.states[row.state];
  return <span>{row.drill ? `${words.drill} · ${state}` : state}</span>;
}

/** All six states in a row; those that were gone through are checked. */
export function RecallPath({ state }: Pick<Recall, 'state'>) {
  const at = recallStates.indexOf(state);
  return (
    <ol className="recall-path" aria-label={words.path}>
      {recallStates.map((one, place) => (
        <li key={one} aria-current={place === at ? 'step' : undefined}>
          <Glyph shape={place <= at ? 'check' : 'ring'} tone={place === at ? 'ok' : 'quiet'} /> {words.states[one]}
        </li>
      ))}
    </ol>
  );
}

export function DrillNotice({ drill }: Pick<Recall, 'drill'>) {
  return drill ? (
    <Notice tone="warn" title={words.drill}>
      {words.drillWhy}
    </Notice>
  ) : null;
}
