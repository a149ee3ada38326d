import { Checkbox } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { TraceSearch as Search } from '~/app/router';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ConsigneeFilters } from '~/api/client';
import { consigneesQuery } from '~/api/queries';
import type { Consignee } from '~/api/types';
import { Amount } from '~/kit/amount';
import { DataTable, useRows, type Column } from '~/kit/data-table';
import { CertaintyMark, GapMark } from '~/kit/marks';
import { Empty } from '~/kit/page';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { FilterBar } from './filters';

const route = getRouteApi('/app/traces/$trace');

const columns: Column<Consignee>[] = [
  {
    id: 'customer',
    header: text.col.customer,
    width: 200,
    cell: (row) => (
      <span title={row.customer.name ?? ''}>
        <span className="code">{row.customer.partner ?? text.unknown}</span> {row.customer.name}
      </span>
    ),
  },
  {
    id: 'shipment',
    header: text.col.shipment,
    width: 110,
    cell: (row) => <span className="code">{row.shipment ?? text.unknown}</span>,
  },
  { id: 'at', header: text.col.shippedAt, width: 200, cell: (row) => <Time at={row.at} /> },
  { id: 'unit', header: text.col.unit, width: 185, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
  {
    id: 'inside',
    header: text.col.inside,
    width: 185,
    cell: (row) => (row.inside ? <UnitLink id={row.inside.id} unit={row.inside.unit} /> : null),
  },
  {
    id: 'quantity',
    header: text.col.quantity,
    width: 90,
    align: 'right',
    cell: (row) => <Amount quantity={row.quantity} />,
  },
  {
    id: 'hit',
    header: text.col.hit,
    width: 150,
    cell: (row) =>
      row.hit ? <CertaintyMark certainty={row.certainty} /> : <span className="dim">{text.customers.notHit}</span>,
  },
];

const CONTACTS_SHOWN = 12;

/** Whom to call, each once: in a recall this is what the list is for. */
function Contacts({ rows }: { rows: Consignee[] }) {
  const known = new Map(rows.map((row) => [row.customer.partner, row.customer]));
  const shown = [...known.values()].slice(0, CONTACTS_SHOWN);
  return (
    <ul className="contacts" aria-label={text.customers.contacts}>
      {shown.map((customer) => {
        const where = [customer.address, customer.country].filter(Boolean).join(', ');
        const none = !customer.email && !customer.phone && where === '';
        return (
          <li key={customer.partner}>
            <strong>
              <span className="code">{customer.partner ?? text.unknown}</span> {customer.name}
            </strong>
            {customer.email ? <a href={`mailto:${customer.email}`}>{customer.email}</a> : null}
            {customer.phone ? <span>{customer.phone}</span> : null}
            {where ? <span className="dim">{where}</span> : null}
            {none ? <GapMark word={text.customers.noContact} /> : null}
          </li>
        );
      })}
      {known.size > shown.length ? <li className="dim">{text.andMore(known.size - shown.length)}</li> : null}
    </ul>
  );
}

export function CustomersTab({ id }: { id: string }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filters: ConsigneeFilters = {
    ...(search.customer ? { customer: search.customer } : {}),
    ...(search.hit ? { hit: search.hit } : {}),
  };
  const query = useInfiniteQuery(consigneesQuery(id, filters));
  const source = useRows(`consignees ${JSON.stringify(filters)}`, query);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.data) ?? [], [query.data]);
  return (
    <>
      <FilterBar only={['customer']} find={false}>
        <Checkbox
          label={text.customers.onlyHit}
          checked={search.hit === 'true'}
          onChange={(event) => {
            const hit = event.currentTarget.checked ? ('true' as const) : undefined;
            void navigate({ search: (was: Search) => ({ ...was, hit }), replace: true, resetScroll: false });
          }}
        />
      </FilterBar>
      <Contacts rows={rows} />
      <DataTable
        id={`consignees-${id}-${JSON.stringify(filters)}`}
        label={text.trace.tabs.customers}
        columns={columns}
        source={source}
        rowKey={(row) =>
          `${row.customer.partner} ${row.shipment} ${row.id} ${row.at} ${row.inside?.id ?? ''} ${row.event ?? ''}`
        }
        empty={
          Object.keys(filters).length > 0 ? (
            <Empty title={text.customers.filteredOut}>{text.units.filteredOutWhy}</Empty>
          ) : (
            <Empty title={text.customers.none}>{text.customers.noneWhy}</Empty>
          )
        }
      />
    </>
  );
}
