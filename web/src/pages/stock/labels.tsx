/** Labels that were asked for, at receipt or from the stock, in that order. */
import { NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type LabelRequest, labelRequestsQuery } from '~/api/trade';
import { count } from '~/kit/amount';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { Empty } from '~/kit/page';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';

const words = text.warehouse.labels;
const route = getRouteApi('/app/labels');

const columns: Column<LabelRequest>[] = [
  { id: 'unit', header: text.col.unit, width: 260, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
  { id: 'name', header: text.col.name, width: 200, cell: (row) => row.name },
  { id: 'copies', header: words.copies, width: 90, align: 'right', cell: (row) => count(row.copies) },
  { id: 'state', header: text.col.state, width: 110, cell: (row) => words.states[row.state] ?? row.state },
  {
    id: 'receipt',
    header: words.receipt,
    width: 150,
    cell: (row) =>
      row.receipt ? (
        <Link to="/receipts/$receipt" params={{ receipt: row.receipt }} className="code">
          {row.receipt}
        </Link>
      ) : null,
  },
  { id: 'by', header: text.col.by, width: 140, cell: (row) => row.by.replace(/^(user|key):/, '') },
  { id: 'at', header: text.col.at, width: 190, cell: (row) => <Time at={row.at} short /> },
];

export function LabelsPage() {
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ListPage
      id={`labels ${state ?? ''}`}
      title={words.title}
      filters={
        <NativeSelect
          aria-label={text.col.state}
          data={[
            { value: '', label: words.anyState },
            ...Object.entries(words.states).map(([value, label]) => ({ value, label: label ?? value })),
          ]}
          value={state ?? ''}
          onChange={(event) => {
            const next = event.currentTarget.value;
            void navigate({ search: next ? { state: next as 'asked' } : {}, replace: true });
          }}
        />
      }
      columns={columns}
      rowKey={(row) => row.request}
      query={useInfiniteQuery(labelRequestsQuery(state ? { state } : {}))}
      empty={
        state ? (
          <Empty title={words.noneOf}>{words.noneOfWhy}</Empty>
        ) : (
          <Empty title={words.none}>{words.noneWhy}</Empty>
        )
      }
    />
  );
}
