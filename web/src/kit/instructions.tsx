/** How a thing is to be treated: the gravest first, each by icon, word and colour. */
import type { Severity, ShownInstruction } from '~/api/warehouse';
import { text } from '~/text';
import { Glyph } from './marks';
import { Notice } from './page';
import { Time } from './time';

const words = text.warehouse.instructions;
const shapes = { must: ['hand', 'act'], warn: ['triangle', 'warn'], info: ['ring', 'work'] } as const;

export function SeverityMark({ severity }: { severity: Severity }) {
  const [shape, tone] = shapes[severity];
  return (
    <span className="mark">
      <Glyph shape={shape} tone={tone} />
      <span>{words.severities[severity]}</span>
    </span>
  );
}

export function Instructions({ list }: { list: ShownInstruction[] }) {
  if (list.length === 0) return null;
  const tone = list.some((one) => one.severity === 'must')
    ? 'act'
    : list.some((one) => one.severity === 'warn')
      ? 'warn'
      : 'plain';
  return (
    <Notice tone={tone} title={words.howTo} id="instructions">
      <ul className="rows">
        {list.map((one) => (
          <li key={one.id}>
            <SeverityMark severity={one.severity} />
            <strong>{one.title}</strong>
            {one.body ? <span>{one.body}</span> : null}
            {one.untilRef ? <span className="dim">{words.until2(one.untilRef)}</span> : null}
            {one.until ? (
              <span className="dim">
                {words.until2('')} <Time at={one.until} short />
              </span>
            ) : null}
            <span className="dim">{words.for(words.subjects[one.about.kind] ?? one.about.kind, one.about.name)}</span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
