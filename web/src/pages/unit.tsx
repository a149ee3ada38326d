/** A unit's page: why it must not move and what is not known come first, then what it is, where it is, and what is in it. */
import { Button, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '~/app/session';
import { api, ApiError } from '~/api/client';
import { queryClient, unitQuery } from '~/api/queries';
import type { Unit } from '~/api/types';
import { unitInstructionsQuery } from '~/api/warehouse';
import { Amount } from '~/kit/amount';
import { Instructions } from '~/kit/instructions';
import { elsewhere, GapMark, StateMark } from '~/kit/marks';
import { Empty, ErrorBox, Facts, Loading, Notice, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { codeOf, kindOf, unitKey, unitName } from '~/kit/unit';
import { text } from '~/text';
import { AsBuiltTab } from './production/as-built';
import { UnitPapers } from './trading/papers';
import { History, statedDay } from './unit-history';
import { BalanceTab, LotRating } from './unit-balance';
import { UnitAttributes } from './unit-attributes';
import { UnitHolds } from './holds/unit-holds';
import { UnitTree } from './unit-tree';

const route = getRouteApi('/app/units/$unit');

/** States in which somebody here can work on it. */
const inHouse: ReadonlySet<string> = new Set(['in-stock', 'in-work', 'returned']);

function Warnings({ unit }: { unit: Unit }) {
  const gaps = unit.gaps ?? [];
  return (
    <>
      <UnitHolds unit={unit} />
      {gaps.length > 0 ? (
        <Notice tone="warn" title={<GapMark word={text.unit.gaps(gaps.length)} />}>
          <ul className="rows">
            {gaps.map((gap) => (
              <li key={`${gap.kind} ${gap.message}`}>
                <span className="strong">{text.gap[gap.kind] ?? gap.kind}</span>
                <span>{gap.message}</span>
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </>
  );
}

/** How it is to be treated comes before all else: whoever is here may hold it in their hands. */
function HowTo({ unit }: { unit: string }) {
  const query = useQuery(unitInstructionsQuery(unit));
  return <Instructions list={query.data ?? []} />;
}

function Holdings({ unit }: { unit: Unit }) {
  if (unit.holdings.length === 0) {
    return (
      <Empty title={text.unit.noHoldings}>
        {unit.origin === 'mentioned' ? text.unit.noHoldingsMentioned : text.unit.noHoldingsWhy}
      </Empty>
    );
  }
  return (
    <PlainTable
      columns={[
        { header: text.col.state, cell: (holding) => <StateMark state={holding.state} /> },
        {
          header: text.col.where,
          cell: (holding) =>
            holding.customer ??
            holding.place ??
            (elsewhere(holding.state) ? null : <span className="dim">{text.unknown}</span>),
        },
        { header: text.col.quantity, align: 'right', cell: (holding) => <Amount quantity={holding.quantity} /> },
      ]}
      rows={unit.holdings}
      rowKey={(_, index) => index}
    />
  );
}

const madeLabel = (origin: string): string =>
  origin === 'received' ? text.unit.received : origin === 'created' ? text.unit.thereSince : text.unit.made;

/** How far back the events of a unit are read for the one that made it. */
const PAGES_READ = 10;

/** The first time at which it was made or came in; the day as it was written where only that is known. */
function Made({ unit, address }: { unit: Unit; address: string }) {
  const query = useQuery({
    queryKey: ['unit', address, 'made-day', unit.made],
    queryFn: async ({ signal }): Promise<string | null> => {
      let cursor: string | null = null;
      for (let page = 0; page < PAGES_READ; page += 1) {
        const { data, nextCursor } = await api.history(address, cursor, signal);
        const making = data.find((entry) => entry.role === 'made' && !entry.voided && entry.at === unit.made);
        if (making) return statedDay(making);
        if (!nextCursor) return null;
        cursor = nextCursor;
      }
      return null;
    },
    enabled: unit.made !== null,
  });
  if (unit.made !== null && query.isPending) return <span className="dim">{text.loading}</span>;
  return <Time at={query.data ?? unit.made} />;
}

/** Asks at once: all its time, affected ever. What else can be asked is behind the quiet link. */
function TraceButtons({ unit }: { unit: Unit }) {
  const navigate = useNavigate();
  const [busy, setBusy] = useState<'forward' | 'backward' | null>(null);
  const [error, setError] = useState<unknown>(null);
  const start = async (direction: 'forward' | 'backward'): Promise<void> => {
    setBusy(direction);
    setError(null);
    try {
      const { id } = await api.startTrace({ direction, seeds: [{ unit: unit.unit }] });
      void queryClient.invalidateQueries({ queryKey: ['traces'] });
      await navigate({ to: '/traces/$trace', params: { trace: id } });
    } catch (cause) {
      setError(cause);
      setBusy(null);
    }
  };
  return (
    <>
      {(['forward', 'backward'] as const).map((direction) => (
        <Button
          key={direction}
          size="sm"
          variant={direction === 'forward' ? 'filled' : 'default'}
          loading={busy === direction}
          disabled={busy !== null}
          onClick={() => void start(direction)}
        >
          {direction === 'forward' ? text.unit.traceForward : text.unit.traceBackward}
        </Button>
      ))}
      <Link to="/traces/new" search={{ seeds: [{ u: unit.id }] }} className="dim small">
        {text.unit.traceOptions}
      </Link>
      {error ? <ErrorBox error={error} /> : null}
    </>
  );
}

export function UnitPage() {
  const { unit: ref } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const query = useQuery(unitQuery(ref));
  const unit = query.data;
  useTitle(unit ? unitName(unit.unit) : text.unit.title);

  if (query.isPending) return <Loading />;
  if (query.error || !unit) {
    if (query.error instanceof ApiError && query.error.status === 404) {
      return (
        <Empty title={text.unit.notFound}>
          <p>{query.error.message}</p>
          <p>{text.unit.notFoundWhy}</p>
        </Empty>
      );
    }
    return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  }
  const lot = kindOf(unit.unit) === 'lot';
  const tab = search.tab === 'balance' && !lot ? 'contains' : (search.tab ?? 'contains');
  return (
    <>
      <PageHead
        over={
          <>
            <Link to="/items/$item" params={{ item: unit.unit.item }}>
              {unit.unit.item}
            </Link>{' '}
            {unit.name}
          </>
        }
        title={
          <>
            <span className="kind">{text.kind[kindOf(unit.unit)]}</span>{' '}
            <span className="code">{codeOf(unit.unit)}</span>
          </>
        }
        below={
          <div className="head-facts">
            {unit.state ? (
              <StateMark state={unit.state} />
            ) : (
              <span>{unit.holdings.length > 0 ? text.unit.several(unit.holdings.length) : text.unit.noHoldings}</span>
            )}
            {unit.place || unit.customer ? (
              <span>
                {text.unit.at} <strong>{unit.customer ?? unit.place}</strong>
              </span>
            ) : null}
            <Amount quantity={unit.quantity} />
          </div>
        }
      >
        {can('holds:place') ? (
          <Button
            size="sm"
            variant="default"
            renderRoot={(props) => <Link to="/holds/new" search={{ unit: unit.id }} {...props} />}
          >
            {text.holds.unit.hold}
          </Button>
        ) : null}
        {can('work:do') && unit.origin === 'produced' && unit.holdings.some((holding) => inHouse.has(holding.state)) ? (
          <Button
            size="sm"
            variant="default"
            renderRoot={(props) => <Link to="/floor/rework" search={{ parent: unitKey(unit.unit) }} {...props} />}
          >
            {text.production.rework.work}
          </Button>
        ) : null}
        {can('traces:run') ? <TraceButtons unit={unit} /> : null}
      </PageHead>
      {can('units:read') ? <HowTo unit={ref} /> : null}
      <Warnings unit={unit} />
      <div className="unit-grid">
        <div className="unit-side">
          <Section title={text.unit.identity}>
            <Facts
              rows={[
                [text.unit.origin, text.origin[unit.origin] ?? unit.origin],
                [madeLabel(unit.origin), <Made key="made" unit={unit} address={ref} />],
                ...(unit.supplier ? [[text.unit.supplier, unit.supplier] as [string, React.ReactNode]] : []),
                ...(unit.supplierLot
                  ? [
                      [
                        text.unit.supplierLot,
                        <span key="lot" className="code">
                          {unit.supplierLot}
                        </span>,
                      ] as [string, React.ReactNode],
                    ]
                  : []),
                ...(unit.expires
                  ? [[text.unit.expires, <Time key="exp" at={unit.expires} />] as [string, React.ReactNode]]
                  : []),
                ...unit.aliases
                  .filter((alias) => alias.alias !== unit.supplierLot)
                  .map(
                    (alias) =>
                      [
                        text.alias[alias.kind] ?? alias.kind,
                        <span key={alias.alias}>
                          <span className="code">{alias.alias}</span>{' '}
                          {alias.partner ? <span className="dim">{alias.partner}</span> : null}
                        </span>,
                      ] as [string, React.ReactNode],
                  ),
              ]}
            />
          </Section>
          <Section title={text.unit.holdings}>
            <Holdings unit={unit} />
          </Section>
          <UnitAttributes unit={unit} />
          {lot && can('traces:read') ? <LotRating unit={unit} /> : null}
        </div>
        <Tabs
          value={tab}
          onChange={(next) =>
            void navigate({
              search: (was) => ({ ...was, tab: next === 'contains' ? undefined : (next as typeof tab) }),
              replace: true,
            })
          }
          className="panel unit-main"
          keepMounted={false}
        >
          <Tabs.List aria-label={text.unit.tabs}>
            <Tabs.Tab value="contains">{text.unit.contains}</Tabs.Tab>
            <Tabs.Tab value="used-in">{text.unit.usedIn}</Tabs.Tab>
            {kindOf(unit.unit) === 'run' ? null : <Tabs.Tab value="as-built">{text.production.asBuilt.tab}</Tabs.Tab>}
            <Tabs.Tab value="history">{text.unit.history}</Tabs.Tab>
            {lot ? <Tabs.Tab value="balance">{text.balance.title}</Tabs.Tab> : null}
            {can('work:read') ? <Tabs.Tab value="papers">{text.trade.papers.tab}</Tabs.Tab> : null}
          </Tabs.List>
          <Tabs.Panel value="contains">
            <UnitTree
              unit={unit}
              side="contains"
              at={search.at}
              onAt={(at) => void navigate({ search: (was) => ({ ...was, at }), replace: true })}
            />
          </Tabs.Panel>
          <Tabs.Panel value="used-in">
            <UnitTree
              unit={unit}
              side="used-in"
              at={search.at}
              onAt={(at) => void navigate({ search: (was) => ({ ...was, at }), replace: true })}
            />
          </Tabs.Panel>
          <Tabs.Panel value="as-built">
            <AsBuiltTab
              unit={unit.id}
              at={search.at}
              onAt={(at) => void navigate({ search: (was) => ({ ...was, at }), replace: true })}
            />
          </Tabs.Panel>
          <Tabs.Panel value="papers">
            <UnitPapers unit={unit.id} />
          </Tabs.Panel>
          <Tabs.Panel value="history">
            <History unit={ref} />
          </Tabs.Panel>
          {lot ? (
            <Tabs.Panel value="balance">
              <BalanceTab unit={unit} />
            </Tabs.Panel>
          ) : null}
        </Tabs>
      </div>
    </>
  );
}
