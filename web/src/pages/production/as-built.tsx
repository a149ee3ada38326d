/** What a unit was to be made of against what is in it: a tab of its page, and the end of each build. */
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asBuiltQuery, type AsBuilt } from '~/api/production';
import { Amount } from '~/kit/amount';
import { Empty, ErrorBox, Loading, Notice } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { DesignMark } from './marks';
import './production.css';

const words = text.production.asBuilt;
type Line = AsBuilt['lines'][number];

export function AsBuiltView({ unit, at }: { unit: string; at?: string | undefined }) {
  const query = useQuery(asBuiltQuery(unit, at));
  if (query.isPending) return <Loading />;
  if (query.error || !query.data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const built = query.data;
  return (
    <div data-testid="as-built">
      {built.revision === null ? (
        <Notice tone="plain" title={words.noBom} />
      ) : (
        <Notice
          tone={built.differences > 0 ? 'warn' : 'plain'}
          title={built.differences > 0 ? words.some(built.differences) : words.all}
        >
          {words.by(built.revision, words.from[built.revisionFrom ?? 'in force'])}
          {built.substituted > 0 ? ` · ${text.production.substitutes(built.substituted)}` : ''}
        </Notice>
      )}
      {built.lines.length === 0 ? <Empty title={words.nothing} /> : <Lines lines={built.lines} />}
    </div>
  );
}

function Lines({ lines }: { lines: Line[] }) {
  return (
    <PlainTable
      label={words.title}
      columns={[
        {
          header: words.line,
          cell: (line) => (line.line === null ? <span className="dim">{words.extra}</span> : line.line),
        },
        {
          header: text.col.item,
          cell: (line) => (
            <>
              <span className="code">{line.item}</span> {line.name}
              {line.position ? <span className="dim"> · {line.position}</span> : null}
            </>
          ),
        },
        {
          header: words.designed,
          align: 'right',
          cell: (line) => (line.designed ? <Amount quantity={line.designed} /> : null),
        },
        { header: words.parts, cell: (line) => <Parts line={line} /> },
        { header: text.production.differences, cell: (line) => <Differences line={line} /> },
      ]}
      rows={lines}
      rowKey={(line, index) => line.line ?? `x${index}`}
    />
  );
}

function Parts({ line }: { line: Line }) {
  if (line.tracking === 'none') return <span className="dim">{text.production.build.untracked}</span>;
  return (
    <>
      {line.parts.map((part, index) => (
        <div key={`${part.id} ${index}`} className="build-part">
          <UnitLink id={part.id} unit={part.unit} />
          {part.quantity ? <Amount quantity={part.quantity} /> : null}
          {part.position ? <span className="dim">{part.position}</span> : null}
          {part.run ? <span className="dim">{words.runOf(part.run)}</span> : null}
          {part.revision ? <span className="dim">{words.revisionIs(part.revision)}</span> : null}
        </div>
      ))}
    </>
  );
}

function Differences({ line }: { line: Line }) {
  if (line.tracking === 'none') return null;
  if (line.differences.length === 0) return <DesignMark open={false} say={words.none} />;
  return (
    <ul className="differences">
      {line.differences.map((one) => (
        <li key={one.say}>
          <DesignMark open={one.open} say={one.say} />
        </li>
      ))}
    </ul>
  );
}

/** The tab: as of now, or of a day. */
export function AsBuiltTab({
  unit,
  at,
  onAt,
}: {
  unit: string;
  at: string | undefined;
  onAt: (at: string | undefined) => void;
}) {
  const [day, setDay] = useState(/^\d{4}-\d\d-\d\d$/.test(at ?? '') ? at : '');
  return (
    <>
      <div className="filter-bar">
        <TextInput
          type="date"
          label={words.asOf}
          value={day ?? ''}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setDay(value);
            onAt(value === '' ? undefined : value);
          }}
        />
        {at && day === '' ? <Time at={at} /> : null}
      </div>
      <AsBuiltView unit={unit} at={at} />
    </>
  );
}
