/** One purchase order, shipment or other paper: whom it was with, what was recorded under it, which units it names. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ApiError } from '~/api/client';
import { documentQuery } from '~/api/records';
import { Amount, count } from '~/kit/amount';
import { Empty, ErrorBox, Loading, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import './records.css';

const route = getRouteApi('/app/documents/$number');
const words = text.recordsMore.document;

export function DocumentPage() {
  const { number } = route.useParams();
  useTitle(number);
  const query = useInfiniteQuery(documentQuery(number));
  if (query.isPending) return <Loading />;
  const [whole] = query.data?.pages ?? [];
  if (query.error || !whole) {
    if (query.error instanceof ApiError && query.error.status === 404)
      return <Empty title={words.none}>{query.error.message}</Empty>;
    return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  }
  const rows = query.data.pages.flatMap((page) => page.units.data);
  return (
    <>
      <PageHead
        over={words.over}
        title={<span className="code">{whole.number}</span>}
        below={
          <div className="head-facts">
            <span>{words.counts(whole.eventCount, whole.unitCount)}</span>
            <Time at={whole.from} />
            {whole.partners.map((partner) => (
              <Link key={partner.code} to="/partners" search={{ q: partner.code }}>
                {partner.name} <span className="code">{partner.code}</span>
              </Link>
            ))}
          </div>
        }
      />
      <Section title={words.events}>
        <PlainTable
          label={words.events}
          columns={[
            {
              header: words.col.type,
              cell: (row) => (
                <Link to="/events/$event" params={{ event: row.id }}>
                  {text.event[row.type] ?? row.type}
                </Link>
              ),
            },
            { header: words.col.at, cell: (row) => <Time at={row.at} /> },
            { header: text.col.place, cell: (row) => <span className="code">{row.place}</span> },
            { header: words.col.units, align: 'right', cell: (row) => count(row.units) },
            { header: words.col.by, cell: (row) => row.actor },
            {
              header: words.backTaken,
              quiet: true,
              cell: (row) =>
                row.voided ? <span className="tag warn">{text.history.voided(row.voided.reason)}</span> : null,
            },
          ]}
          rows={whole.events}
          rowKey={(row) => row.id}
        />
      </Section>
      <Section title={words.units}>
        <PlainTable
          label={words.units}
          columns={[
            { header: text.holds.col.unit, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
            { header: text.col.name, cell: (row) => row.name },
            { header: words.col.part, cell: (row) => text.eventRole[row.role] ?? row.role },
            {
              header: words.col.quantity,
              align: 'right',
              cell: (row) => <Amount quantity={row.quantity} unknown="" />,
            },
            {
              header: words.backTaken,
              quiet: true,
              cell: (row) => (row.voided ? <span className="tag warn">{words.backTaken}</span> : null),
            },
          ]}
          rows={rows}
          rowKey={(row, index) => `${row.id} ${row.event} ${row.role} ${index}`}
        />
        {query.hasNextPage ? (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {words.more}
          </Button>
        ) : null}
      </Section>
    </>
  );
}
