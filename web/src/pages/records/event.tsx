/** One event: what it says, who recorded it and when, and whether it was taken back. */
import { Code } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { eventQuery } from '~/api/records';
import { count } from '~/kit/amount';
import { ErrorBox, Facts, Loading, Notice, PageHead, Section, useTitle } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { EventActions } from './take-back';
import './records.css';

const route = getRouteApi('/app/events/$event');
const words = text.recordsMore.event.page;

export function EventPage() {
  const { event } = route.useParams();
  const query = useQuery(eventQuery(event));
  const data = query.data;
  const title = data ? (text.event[data.type] ?? data.type) : event;
  useTitle(title);
  if (query.isPending) return <Loading />;
  if (query.error || !data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  return (
    <>
      <PageHead over={words.over} title={title}>
        <EventActions taken={{ event: data.event, type: data.type, body: data.body, voided: data.voided !== null }} />
      </PageHead>
      {data.voided ? (
        <Notice tone="warn" title={words.voided(data.voided.reason)}>
          {words.by}{' '}
          <Link to="/events/$event" params={{ event: data.voided.by }}>
            {data.voided.by}
          </Link>
        </Notice>
      ) : null}
      <Section title={words.over}>
        <Facts
          rows={[
            [words.facts.at, <Time key="at" at={data.at} coarse={data.coarse} />],
            [words.facts.recorded, <Time key="recorded" at={data.recordedAt} />],
            [words.facts.by, data.actor],
            [
              words.facts.id,
              <span key="id" className="code">
                {data.clientId}
              </span>,
            ],
            [words.facts.position, data.ledgerPosition === null ? text.unknown : count(data.ledgerPosition)],
          ]}
        />
      </Section>
      <Section title={words.says}>
        <Code block>{JSON.stringify(data.body, null, 2)}</Code>
      </Section>
    </>
  );
}
