/** Items, places and partners: one list each, found by code or name on the server. */
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery, type UseInfiniteQueryResult, type InfiniteData } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { itemsQuery, partnersQuery, placesQuery } from '~/api/queries';
import type { Item, Page, Partner, Place } from '~/api/types';
import { DataTable, pagesOf, type Column } from '~/kit/data-table';
import { Empty, PageHead, useTitle } from '~/kit/page';
import { text } from '~/text';

const TYPING_MS = 250;

function Find({ q, onFind }: { q: string; onFind: (q: string) => void }) {
  const [typed, setTyped] = useState(q);
  const sent = useRef(q);
  const find = useRef(onFind);
  useEffect(() => {
    find.current = onFind;
  });
  useEffect(() => {
    if (q !== sent.current) {
      sent.current = q;
      setTyped(q);
    }
  }, [q]);
  useEffect(() => {
    if (typed === sent.current) return;
    const timer = window.setTimeout(() => {
      sent.current = typed;
      find.current(typed);
    }, TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed]);
  return (
    <TextInput
      data-filter
      aria-label={text.records.find}
      placeholder={text.records.find}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      leftSection={<IconSearch size={14} aria-hidden />}
      className="filter-field"
    />
  );
}

type ListProps<T> = {
  id: string;
  title: string;
  q: string;
  onFind: (q: string) => void;
  columns: Column<T>[];
  rowKey: (row: T) => string;
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>>;
};

function RecordList<T extends object>({ id, title, q, onFind, columns, rowKey, query }: ListProps<T>) {
  useTitle(title);
  const { rows, total } = pagesOf(query.data);
  return (
    <>
      <PageHead title={title} />
      <div className="panel">
        <div className="filter-bar">
          <Find q={q} onFind={onFind} />
        </div>
        <DataTable
          id={id}
          label={title}
          columns={columns}
          rows={rows}
          rowKey={rowKey}
          total={total ?? (query.hasNextPage ? undefined : rows.length)}
          loading={query.isPending}
          error={query.error}
          retry={() => void query.refetch()}
          more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
          fetchingMore={query.isFetchingNextPage}
          empty={
            q ? (
              <Empty title={text.records.notFound(q)}>{text.records.notFoundWhy}</Empty>
            ) : (
              <Empty title={text.records.none}>{text.records.noneWhy}</Empty>
            )
          }
        />
      </div>
    </>
  );
}

const itemColumns: Column<Item>[] = [
  {
    id: 'item',
    header: text.col.item,
    width: 160,
    cell: (row) => (
      <Link to="/items/$item" params={{ item: row.item }} className="code">
        {row.item}
      </Link>
    ),
  },
  { id: 'name', header: text.col.name, width: 300, cell: (row) => row.name },
  { id: 'tracking', header: text.col.tracking, width: 110, cell: (row) => text.tracking[row.tracking] ?? row.tracking },
  { id: 'uom', header: text.col.uom, width: 80, cell: (row) => row.uom },
  { id: 'gtin', header: 'GTIN', width: 150, cell: (row) => <span className="code">{row.gtin}</span> },
  { id: 'category', header: text.col.category, width: 160, cell: (row) => row.category },
];
const placeColumns: Column<Place>[] = [
  { id: 'place', header: text.col.place, width: 180, cell: (row) => <span className="code">{row.place}</span> },
  { id: 'name', header: text.col.name, width: 260, cell: (row) => row.name },
  { id: 'kind', header: text.col.kind, width: 120, cell: (row) => row.kind },
  { id: 'parent', header: text.col.within, width: 180, cell: (row) => <span className="code">{row.parent}</span> },
  { id: 'zone', header: text.col.zone, width: 160, cell: (row) => row.timeZone },
];
const partnerColumns: Column<Partner>[] = [
  { id: 'partner', header: text.col.partner, width: 150, cell: (row) => <span className="code">{row.partner}</span> },
  { id: 'name', header: text.col.name, width: 240, cell: (row) => row.name },
  { id: 'kind', header: text.col.kind, width: 110, cell: (row) => row.kind },
  {
    id: 'email',
    header: text.col.email,
    width: 220,
    cell: (row) => (row.email ? <a href={`mailto:${row.email}`}>{row.email}</a> : null),
  },
  { id: 'phone', header: text.col.phone, width: 150, cell: (row) => row.phone },
  {
    id: 'address',
    header: text.col.address,
    width: 280,
    cell: (row) => [row.address, row.country].filter(Boolean).join(', '),
  },
];

export function ItemsPage() {
  const route = getRouteApi('/app/items');
  const q = route.useSearch().q ?? '';
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(itemsQuery(q));
  const onFind = (next: string): void => void navigate({ search: next ? { q: next } : {}, replace: true });
  return (
    <RecordList
      id="items"
      title={text.nav.items}
      q={q}
      onFind={onFind}
      columns={itemColumns}
      rowKey={(row) => row.item}
      query={query}
    />
  );
}

export function PlacesPage() {
  const route = getRouteApi('/app/places');
  const q = route.useSearch().q ?? '';
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(placesQuery(q));
  const onFind = (next: string): void => void navigate({ search: next ? { q: next } : {}, replace: true });
  return (
    <RecordList
      id="places"
      title={text.nav.places}
      q={q}
      onFind={onFind}
      columns={placeColumns}
      rowKey={(row) => row.place}
      query={query}
    />
  );
}

export function PartnersPage() {
  const route = getRouteApi('/app/partners');
  const q = route.useSearch().q ?? '';
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(partnersQuery(q));
  const onFind = (next: string): void => void navigate({ search: next ? { q: next } : {}, replace: true });
  return (
    <RecordList
      id="partners"
      title={text.nav.partners}
      q={q}
      onFind={onFind}
      columns={partnerColumns}
      rowKey={(row) => row.partner}
      query={query}
    />
  );
}
