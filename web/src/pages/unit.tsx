/** A unit's page: why it must not move and what is not known come first, then what it is, where it is, and what is in it. */
import { Button, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useSession } from '~/app/session';
import { unitQuery } from '~/api/queries';
import type { Unit } from '~/api/types';
import { ApiError } from '~/api/client';
import { Amount } from '~/kit/amount';
import { elsewhere, GapMark, HoldMark, StateMark } from '~/kit/marks';
import { Empty, ErrorBox, Facts, Loading, Notice, PageHead, Section, useTitle } from '~/kit/page';
import { Time } from '~/kit/time';
import { codeOf, kindOf, unitName } from '~/kit/unit';
import { text } from '~/text';
import { History } from './unit-history';
import { UnitTree } from './unit-tree';

const route = getRouteApi('/app/units/$unit');

function Warnings({ unit }: { unit: Unit }) {
  const gaps = unit.gaps ?? [];
  return (
    <>
      {unit.holds.length > 0 ? (
        <Notice tone="act" title={<HoldMark word={text.unit.onHold(unit.holds.length)} />}>
          <ul className="rows">
            {unit.holds.map((hold) => (
              <li key={hold.id}>
                <strong>{hold.reason}</strong>
                {hold.ref ? <span className="code">{hold.ref}</span> : null}
                <span>
                  {text.unit.since} <Time at={hold.at} />
                </span>
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
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

function Holdings({ unit }: { unit: Unit }) {
  if (unit.holdings.length === 0) {
    return (
      <Empty title={text.unit.noHoldings}>
        {unit.origin === 'mentioned' ? text.unit.noHoldingsMentioned : text.unit.noHoldingsWhy}
      </Empty>
    );
  }
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{text.col.state}</th>
          <th scope="col">{text.col.where}</th>
          <th scope="col" className="right">
            {text.col.quantity}
          </th>
        </tr>
      </thead>
      <tbody>
        {unit.holdings.map((holding, index) => (
          <tr key={index}>
            <td>
              <StateMark state={holding.state} />
            </td>
            <td>
              {holding.customer ??
                holding.place ??
                (elsewhere(holding.state) ? null : <span className="dim">{text.unknown}</span>)}
            </td>
            <td className="right">
              <Amount quantity={holding.quantity} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
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
  const tab = search.tab ?? 'contains';
  const traceFrom = (direction: 'forward' | 'backward') => (
    <Button
      component={Link}
      to="/traces/new"
      search={{ direction, seeds: [{ u: unit.id }] } as never}
      size="sm"
      variant={direction === 'forward' ? 'filled' : 'default'}
    >
      {direction === 'forward' ? text.unit.traceForward : text.unit.traceBackward}
    </Button>
  );

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
        {can('traces:run') ? (
          <>
            {traceFrom('forward')}
            {traceFrom('backward')}
          </>
        ) : null}
      </PageHead>
      <Warnings unit={unit} />
      <div className="unit-grid">
        <div className="unit-side">
          <Section title={text.unit.identity}>
            <Facts
              rows={[
                [text.unit.origin, text.origin[unit.origin] ?? unit.origin],
                [text.unit.made, <Time key="made" at={unit.made} />],
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
            <Tabs.Tab value="history">{text.unit.history}</Tabs.Tab>
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
          <Tabs.Panel value="history">
            <History unit={ref} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </>
  );
}
