/** Items, places and partners: one list each, found by code or name on the server. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { itemsQuery, partnersQuery, placesQuery } from '~/api/queries';
import type { Item, Partner, Place } from '~/api/types';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { Empty } from '~/kit/page';
import { text } from '~/text';

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
  {
    id: 'partner',
    header: text.col.partner,
    width: 150,
    cell: (row) => (
      <Link to="/partners/$partner" params={{ partner: row.partner }} className="code">
        {row.partner}
      </Link>
    ),
  },
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

const found = (q: string) =>
  q ? (
    <Empty title={text.records.notFound(q)}>{text.records.notFoundWhy}</Empty>
  ) : (
    <Empty title={text.records.none}>{text.records.noneWhy}</Empty>
  );

export function ItemsPage() {
  const route = getRouteApi('/app/items');
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ListPage
      id="items"
      title={text.nav.items}
      find={{ q, onFind: (next) => void navigate({ search: next ? { q: next } : {}, replace: true }) }}
      columns={itemColumns}
      rowKey={(row) => row.item}
      query={useInfiniteQuery(itemsQuery(q))}
      empty={found(q)}
    />
  );
}

export function PlacesPage() {
  const route = getRouteApi('/app/places');
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ListPage
      id="places"
      title={text.nav.places}
      find={{ q, onFind: (next) => void navigate({ search: next ? { q: next } : {}, replace: true }) }}
      columns={placeColumns}
      rowKey={(row) => row.place}
      query={useInfiniteQuery(placesQuery(q))}
      empty={found(q)}
    />
  );
}

export function PartnersPage() {
  const route = getRouteApi('/app/partners');
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ListPage
      id="partners"
      title={text.nav.partners}
      find={{ q, onFind: (next) => void navigate({ search: next ? { q: next } : {}, replace: true }) }}
      columns={partnerColumns}
      rowKey={(row) => row.partner}
      query={useInfiniteQuery(partnersQuery(q))}
      empty={found(q)}
    />
  );
}
