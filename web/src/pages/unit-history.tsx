/** The events that name a unit, newest first as the server gives them; what was taken back stays readable and says so. */
import { Button, Code } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { historyQuery } from '~/api/queries';
import type { HistoryEntry } from '~/api/types';
import { Amount } from '~/kit/amount';
import { Empty, ErrorBox, Loading } from '~/kit/page';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { EventActions } from './records/take-back';

const OTHERS_SHOWN = 6;

/** The day as it was stated, where that is all that was: it is a day of the plant's zone, not of the reader's. */
export function statedDay(entry: HistoryEntry): string | null {
  const { at } = (entry.body ?? {}) as { at?: unknown };
  return entry.coarse && typeof at === 'string' && /^\d{4}-\d\d-\d\d$/.test(at) ? at : null;
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const others = entry.other ?? [];
  const shown = others.slice(0, OTHERS_SHOWN);
  const total = entry.othersTotal ?? others.length;
  return (
    <li className={entry.voided ? 'entry voided' : 'entry'}>
      <div className="entry-when">
        <Time at={statedDay(entry) ?? entry.at} coarse={entry.coarse} />
      </div>
      <div className="entry-what">
        <div className="entry-line">
          <strong>{text.event[entry.type] ?? entry.type}</strong>
          <span className="dim">
            {text.eventRoleOf[`${entry.type} ${entry.role}`] ?? text.eventRole[entry.role] ?? entry.role}
          </span>
          {entry.quantity ? <Amount quantity={entry.quantity} /> : null}
          {entry.place ? (
            <span>
              {text.unit.at} {entry.place}
            </span>
          ) : null}
          {entry.partner ? <span>{entry.partner}</span> : null}
          {entry.document ? (
            <Link to="/documents/$number" params={{ number: entry.document }} className="code entry-document">
              {entry.document}
            </Link>
          ) : null}
          {entry.voided ? <span className="tag warn">{text.history.voided(entry.voided.reason)}</span> : null}
        </div>
        {others.length > 0 ? (
          <div className="entry-others">
            {text.history.with}{' '}
            {shown.map((other) => (
              <UnitLink key={other.id} id={other.id} unit={other.unit} />
            ))}
            {total > shown.length ? <span className="dim">{text.andMore(total - shown.length)}</span> : null}
          </div>
        ) : null}
        <details className="entry-more">
          <summary>
            {text.history.recorded} <Time at={entry.recordedAt} short /> {text.history.by} {entry.actor} ·{' '}
            {entry.clientId}
          </summary>
          <Code block>{JSON.stringify(entry.body, null, 2)}</Code>
          <EventActions
            taken={{
              event: entry.event,
              type: entry.type,
              body: entry.body,
              voided: entry.voided !== null && entry.voided !== undefined,
            }}
          />
        </details>
      </div>
    </li>
  );
}

export function History({ unit }: { unit: string }) {
  const query = useInfiniteQuery(historyQuery(unit));
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const entries = query.data.pages.flatMap((page) => page.data);
  if (entries.length === 0) return <Empty title={text.history.none}>{text.history.noneWhy}</Empty>;
  return (
    <>
      <ol className="timeline">
        {entries.map((entry, index) => (
          <Entry key={`${entry.event} ${entry.role} ${index}`} entry={entry} />
        ))}
      </ol>
      {query.hasNextPage ? (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </>
  );
}
