/** The stock explorer: what is where, narrowed and grouped by anything known of it, and acted on as a whole. All in the address. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useSession } from '~/app/session';
import type { StockSearch } from '~/app/routes/warehouse';
import type { Query } from '~/api/client';
import type { ViewSearch } from '~/api/views';
import { type StockGroup, stockGroupsQuery, stockQuery, type StockRow, warehouse } from '~/api/warehouse';
import { Amount, count, decimal } from '~/kit/amount';
import { type Column, DataTable, type Picking, useRows } from '~/kit/data-table';
import { ExportMenu } from '~/kit/export-menu';
import { Find } from '~/kit/find';
import { HoldMark, StateMark } from '~/kit/marks';
import { Empty, ErrorBox, Loading, PageHead, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { SavedViews } from '~/kit/saved-views';
import { Time } from '~/kit/time';
import { UnitLink, unitName } from '~/kit/unit';
import { text } from '~/text';
import { Actions } from './actions';
import './stock.css';

const route = getRouteApi('/app/stock');
const words = text.warehouse.stock;
const options = (of: Record<string, string | undefined>) =>
  Object.entries(of).map(([value, label]) => ({ value, label: label ?? value }));
const DAY_MS = 86_400_000;

/** What the API is asked for: its own words for these filters. */
export function askedOf(search: StockSearch): Query {
  const { q, item, place, supplier, revision, container, state, held, age, madeOn, expires, attr, sort } = search;
  const [, name = '', rest = ''] = /^([^<>=!]+)(.*)$/.exec(attr ?? '') ?? [];
  return {
    q,
    item,
    place,
    supplier,
    revision,
    container,
    state,
    held: held === 'held' ? 'true' : undefined,
    free: held === 'free' ? 'true' : undefined,
    olderThan: age,
    madeOn,
    expiresBefore: expires,
    sort,
    // A query is cut at its first "=": what stands before it is a part of the name.
    ...(attr ? attributeOf(name.trim(), rest) : {}),
  };
}

function attributeOf(name: string, rest: string): Query {
  const [, operator = '', value = ''] = /^(>=|<=|!=|=|<|>)?(.*)$/.exec(rest) ?? [];
  if (operator === '' || operator === '=') return { [`attr.${name}`]: value };
  const before = operator.endsWith('=') ? operator.slice(0, -1) : `${operator}${value}`;
  return { [`attr.${name}${before}`]: operator.endsWith('=') ? value : '' };
}

const columns: Column<StockRow>[] = [
  {
    id: 'unit',
    header: text.col.unit,
    width: 250,
    sort: 'item',
    cell: (row) => <UnitLink id={row.id} unit={row.unit} />,
  },
  { id: 'name', header: text.col.name, width: 170, cell: (row) => row.name },
  { id: 'state', header: text.col.state, width: 110, cell: (row) => <StateMark state={row.state} /> },
  {
    id: 'place',
    header: text.col.place,
    width: 130,
    cell: (row) => <span className="code">{row.customer ?? row.place}</span>,
  },
  {
    id: 'quantity',
    header: text.col.quantity,
    width: 120,
    align: 'right',
    cell: (row) => <Amount quantity={row.quantity} />,
  },
  {
    id: 'holds',
    header: words.holds,
    width: 110,
    cell: (row) => (row.holds > 0 ? <HoldMark word={String(row.holds)} /> : row.free ? words.free : null),
  },
  {
    id: 'age',
    header: words.made,
    width: 100,
    align: 'right',
    sort: 'age',
    cell: (row) =>
      row.made ? words.age2(Math.max(0, Math.floor((Date.now() - Date.parse(row.made)) / DAY_MS))) : null,
  },
  {
    id: 'expires',
    header: words.expires,
    width: 150,
    sort: 'expiry',
    cell: (row) =>
      row.expires ? (
        <span className={row.expired ? 'problem' : ''}>
          <Time at={row.expires} short /> {row.expired ? words.expired : ''}
        </span>
      ) : null,
  },
  { id: 'supplier', header: words.supplier, width: 120, cell: (row) => row.supplier },
  { id: 'revision', header: words.groups.revision ?? '', width: 100, cell: (row) => row.revision },
  {
    id: 'container',
    header: words.container,
    width: 160,
    cell: (row) => <span className="code">{row.container}</span>,
  },
];

/** What a view of the stock keeps: never what is selected. */
function viewOf({ sel: _, ...kept }: StockSearch): ViewSearch {
  return kept;
}

export function StockPage() {
  useTitle(words.title);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const [error, setError] = useState<unknown>(null);
  const asked = askedOf(search);
  const query = useInfiniteQuery({ ...stockQuery(asked), enabled: search.by === undefined });
  const totals = query.data?.pages[0]?.totals ?? [];
  const units = totals.reduce((sum, one) => sum + one.units, 0);
  const source = useRows(JSON.stringify(asked), query, undefined);
  const set = (change: Partial<StockSearch>): void =>
    void navigate({ search: (was) => ({ ...was, ...change }), replace: true, resetScroll: false });
  const selected = search.sel === 'all' ? 'all' : (search.sel?.split(',') ?? []);
  const picked = (next: string[]): string | undefined => (next.length > 0 ? next.join(',') : undefined);
  const picking: Picking<StockRow> = {
    all: selected === 'all',
    has: (row) => selected === 'all' || selected.includes(row.id),
    toggle: (row) =>
      set({
        sel:
          selected === 'all'
            ? undefined
            : picked(selected.includes(row.id) ? selected.filter((one) => one !== row.id) : [...selected, row.id]),
      }),
    label: (row) => words.select(unitName(row.unit)),
  };
  return (
    <>
      <PageHead title={words.title}>
        <SavedViews list="stock" current={viewOf(search)} onShow={(kept) => void navigate({ search: kept })} />
        <ExportMenu
          label={words.export}
          name="stock"
          file={(kind) => warehouse.stockFile(asked, kind)}
          onProblem={setError}
        />
      </PageHead>
      {error ? <ErrorBox error={error} /> : null}
      <div className="panel">
        <Filters search={search} set={set} />
        {search.by ? (
          <Groups search={search} asked={asked} set={set} />
        ) : (
          <>
            <div className="stock-bar" role="status" data-testid="stock-totals">
              {query.data ? <strong>{words.total(units)}</strong> : null}
              <Quantities groups={totals} />
              {totals.some((one) => one.held > 0) ? (
                <HoldMark word={words.onHold(totals.reduce((sum, one) => sum + one.held, 0))} />
              ) : null}
            </div>
            {can('work:do') && units > 0 ? (
              <Actions
                asked={asked}
                search={search}
                selected={selected}
                units={units}
                selectAll={() => set({ sel: 'all' })}
                clear={() => set({ sel: undefined })}
              />
            ) : null}
            <DataTable
              id="stock"
              label={words.title}
              columns={columns}
              source={source}
              rowKey={(row) => `${row.id} ${row.state} ${row.place ?? ''} ${row.container ?? ''} ${row.customer ?? ''}`}
              sorting={{ by: search.sort, change: (sort) => set({ sort }) }}
              {...(can('work:do') ? { picking } : {})}
              empty={<Empty title={words.none}>{words.noneWhy}</Empty>}
            />
          </>
        )}
      </div>
    </>
  );
}

/** Sums by unit of measure, over all items. */
function Quantities({ groups }: { groups: StockGroup[] }) {
  const uoms = [...new Set(groups.flatMap((one) => one.quantities.map(({ uom }) => uom)))];
  if (groups.length !== 1) return null;
  return (
    <>
      {uoms.map((uom) => {
        const own = groups.flatMap((one) => one.quantities.filter((quantity) => quantity.uom === uom));
        return (
          <span key={uom} className="num">
            {decimal(own[0]?.value ?? '0')} {uom} {own.some((one) => one.unknown) ? words.someUnknown : ''}
          </span>
        );
      })}
    </>
  );
}

function Filters({ search, set }: { search: StockSearch; set: (change: Partial<StockSearch>) => void }) {
  return (
    <div className="filter-bar">
      <Find q={search.q ?? ''} label={words.find} onFind={(q) => set({ q: q || undefined, sel: undefined })} />
      {(['item', 'place', 'supplier', 'container'] as const).map((name) => (
        <Typed
          key={`${name} ${search[name] ?? ''}`}
          label={words[name]}
          value={search[name]}
          change={(value) => set({ [name]: value, sel: undefined })}
        />
      ))}
      <Typed
        key={`attr ${search.attr ?? ''}`}
        label={words.attribute}
        placeholder={words.attributeWhy}
        value={search.attr}
        change={(attr) => set({ attr, sel: undefined })}
      />
      <Typed
        key={`age ${search.age ?? ''}`}
        label={words.age}
        value={search.age}
        change={(age) => set({ age, sel: undefined })}
      />
      <Typed
        key={`expires ${search.expires ?? ''}`}
        label={words.expiresBefore}
        placeholder="2026-12-31"
        value={search.expires}
        change={(expires) => set({ expires, sel: undefined })}
      />
      <NativeSelect
        label={words.state}
        data={options(words.states)}
        value={search.state ?? ''}
        onChange={(event) => set({ state: event.currentTarget.value || undefined, sel: undefined })}
      />
      <NativeSelect
        label={words.held}
        data={options(words.helds)}
        value={search.held ?? ''}
        onChange={(event) =>
          set({ held: (event.currentTarget.value || undefined) as StockSearch['held'], sel: undefined })
        }
      />
      <NativeSelect
        label={words.group}
        data={[
          ...options(words.groups),
          ...(search.by?.startsWith('attr.') ? [{ value: search.by, label: search.by.slice(5) }] : []),
        ]}
        value={search.by ?? ''}
        onChange={(event) => set({ by: event.currentTarget.value || undefined, sel: undefined })}
      />
      {(['revision', 'madeOn'] as const).map((name) =>
        search[name] === undefined ? null : (
          <Button
            key={name}
            variant="light"
            onClick={() => set({ [name]: undefined, sel: undefined })}
            aria-label={`${text.remove} ${words.groups[name] ?? name} ${search[name] ?? ''}`}
          >
            {words.groups[name]} {search[name]} ✕
          </Button>
        ),
      )}
    </div>
  );
}

/** Asked when Enter is pressed or the field is left: a code is whole or it is none. */
function Typed(props: {
  label: string;
  placeholder?: string;
  value: string | undefined;
  change: (value: string | undefined) => void;
}) {
  const [typed, setTyped] = useState(props.value ?? '');
  const done = (): void => {
    if (typed.trim() !== (props.value ?? '')) props.change(typed.trim() || undefined);
  };
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        done();
      }}
    >
      <TextInput
        label={props.label}
        placeholder={props.placeholder ?? ''}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={done}
        className="filter-field"
      />
    </form>
  );
}

/** What a group is, as a filter of its own. */
const filterOf = (by: string, key: string | null): Partial<StockSearch> | null => {
  if (key === null) return null;
  if (by.startsWith('attr.')) return { attr: `${by.slice(5)}=${key}` };
  return { [by]: key };
};

function Groups({
  search,
  asked,
  set,
}: {
  search: StockSearch;
  asked: Query;
  set: (change: Partial<StockSearch>) => void;
}) {
  const by = search.by ?? 'item';
  const { sort: _, ...filters } = asked;
  const query = useQuery(stockGroupsQuery(filters, by));
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  if (query.data.data.length === 0) return <Empty title={words.none}>{words.noneWhy}</Empty>;
  const trait = words.groups[by] ?? by.replace(/^attr\./, '');
  return (
    <div className="plain-scroll">
      <PlainTable
        label={words.groupBy(trait)}
        columns={[
          {
            header: trait,
            cell: (group) =>
              group.key === null ? (
                <span className="dim">{words.ungrouped}</span>
              ) : by === 'item' ? (
                <Link to="/items/$item" params={{ item: group.key }} className="code">
                  {group.key}
                </Link>
              ) : (
                <span className="code">{group.key}</span>
              ),
          },
          { header: text.col.name, cell: (group) => group.name },
          {
            header: text.col.units,
            align: 'right',
            cell: (group) => <span className="num">{count(group.units)}</span>,
          },
          {
            header: words.holds,
            align: 'right',
            cell: (group) => (group.held > 0 ? <HoldMark word={count(group.held)} /> : null),
          },
          {
            header: text.col.quantity,
            align: 'right',
            cell: (group) => group.quantities.map(({ value, uom }) => `${decimal(value)} ${uom}`).join(', '),
          },
          {
            header: text.actions,
            quiet: true,
            align: 'right',
            cell: (group) => {
              const own = filterOf(by, group.key);
              if (!own) return null;
              const name = group.key ?? '';
              return (
                <>
                  <Button
                    variant="subtle"
                    onClick={() => set({ ...own, by: undefined })}
                    aria-label={`${words.show} ${name}`}
                  >
                    {words.show}
                  </Button>
                  <Button
                    variant="subtle"
                    onClick={() => set({ ...own, by: undefined, sel: 'all' })}
                    aria-label={`${words.actOn} ${name}`}
                  >
                    {words.actOn}
                  </Button>
                </>
              );
            },
          },
        ]}
        rows={query.data.data}
        rowKey={(group) => group.key ?? ''}
      />
    </div>
  );
}
