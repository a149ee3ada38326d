import { Button, Code, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { auditQuery } from '~/api/queries';
import type { AuditEntry } from '~/api/types';
import { Empty, ErrorBox, Loading, PageHead, useTitle } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';

const route = getRouteApi('/app/admin/audit');
const json = (value: unknown): string =>
  value === null || value === undefined ? text.none : JSON.stringify(value, null, 2);

function Line({ entry }: { entry: AuditEntry }) {
  return (
    <li className="entry">
      <div className="entry-when">
        <Time at={entry.at} />
      </div>
      <div className="entry-what">
        <div className="entry-line">
          <strong>{entry.action}</strong> <span className="code">{entry.subject}</span>{' '}
          <span className="dim">{entry.actor}</span>
        </div>
        <details className="entry-more">
          <summary>{text.audit.change}</summary>
          <div className="before-after">
            <div>
              <p className="label">{text.audit.before}</p>
              <Code block>{json(entry.before)}</Code>
            </div>
            <div>
              <p className="label">{text.audit.after}</p>
              <Code block>{json(entry.after)}</Code>
            </div>
          </div>
        </details>
      </div>
    </li>
  );
}

export function AuditPage() {
  useTitle(text.nav.audit);
  const { subject = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(subject);
  const query = useInfiniteQuery(auditQuery(subject));
  const entries = query.data?.pages.flatMap((page) => page.data) ?? [];
  const find = (event: FormEvent): void => {
    event.preventDefault();
    void navigate({ search: typed.trim() ? { subject: typed.trim() } : {} });
  };
  return (
    <>
      <PageHead title={text.nav.audit} />
      <section className="panel">
        <form onSubmit={find} className="inline-form">
          <TextInput
            data-filter
            label={text.audit.subject}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            placeholder="user:anna"
          />
          <Button type="submit" variant="default">
            {text.audit.find}
          </Button>
        </form>
        {query.isPending ? <Loading /> : null}
        {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
        {query.data && entries.length === 0 ? (
          <Empty title={text.audit.none}>{subject ? text.audit.noneOf : text.audit.noneWhy}</Empty>
        ) : null}
        <ol className="timeline">
          {entries.map((entry) => (
            <Line key={entry.id} entry={entry} />
          ))}
        </ol>
        {query.hasNextPage ? (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {text.more}
          </Button>
        ) : null}
      </section>
    </>
  );
}
