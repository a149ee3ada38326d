/** What must not move on: why, since when, whom to ask; and what is being decided about it. */
import { Button, NativeSelect, Tabs } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import {
  dispositionsQuery,
  dispositionStates,
  holdAgeingQuery,
  holdGroupsQuery,
  reasonsQuery,
  type Disposition,
  type HoldGroup,
} from '~/api/holds';
import { useSession } from '~/app/session';
import { count } from '~/kit/amount';
import { DataTable, useRows, type Column } from '~/kit/data-table';
import { Find } from '~/kit/find';
import { HoldMark } from '~/kit/marks';
import { Empty, ErrorBox, PageHead, useTitle } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { DecisionMark, ageDays } from './marks';
import { ReasonsTab } from './reasons';
import './holds.css';

const route = getRouteApi('/app/holds');
const words = text.holds;

const groupColumns: Column<HoldGroup>[] = [
  {
    id: 'reason',
    header: words.col.reason,
    width: 300,
    cell: (row) => (
      <Link to="/holds/$group" params={{ group: row.group }}>
        {row.reason}
      </Link>
    ),
  },
  { id: 'ref', header: words.col.ref, width: 120, cell: (row) => <span className="code">{row.ref}</span> },
  { id: 'owner', header: words.col.owner, width: 140, cell: (row) => row.owners.join(', ') },
  { id: 'units', header: words.col.units, width: 90, align: 'right', cell: (row) => count(row.units) },
  { id: 'items', header: words.col.items, width: 200, cell: (row) => row.items.join(', ') },
  { id: 'age', header: words.col.age, width: 100, align: 'right', cell: (row) => words.days(ageDays(row.oldest)) },
  { id: 'oldest', header: words.col.oldest, width: 190, cell: (row) => <Time at={row.oldest} short /> },
];

const decisionColumns: Column<Disposition>[] = [
  {
    id: 'kind',
    header: words.col.kind,
    width: 200,
    cell: (row) => (
      <Link to="/dispositions/$disposition" params={{ disposition: row.disposition }}>
        {words.kinds[row.kind]} <span className="code">{row.disposition}</span>
      </Link>
    ),
  },
  { id: 'state', header: words.col.state, width: 160, cell: (row) => <DecisionMark state={row.state} /> },
  { id: 'reason', header: words.col.reason, width: 260, cell: (row) => row.reason },
  { id: 'units', header: words.col.units, width: 80, align: 'right', cell: (row) => count(row.units) },
  { id: 'items', header: words.col.items, width: 160, cell: (row) => (row.items ?? []).join(', ') },
  { id: 'by', header: words.col.proposed, width: 130, cell: (row) => words.decision.by(row.proposedBy) },
  { id: 'at', header: text.col.at, width: 190, cell: (row) => <Time at={row.proposedAt} short /> },
];

export function HoldsPage() {
  useTitle(words.title);
  const { can } = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const tab = search.tab ?? 'groups';
  return (
    <>
      <PageHead title={words.title}>
        {can('holds:place') ? (
          <Button component={Link} to="/holds/new" size="sm">
            {words.place}
          </Button>
        ) : null}
      </PageHead>
      <Tabs
        className="panel"
        keepMounted={false}
        value={tab}
        onChange={(next) =>
          void navigate({ search: next === 'groups' ? {} : { tab: next as typeof tab }, replace: true })
        }
      >
        <Tabs.List aria-label={words.tabs}>
          <Tabs.Tab value="groups">{words.groupsTab}</Tabs.Tab>
          <Tabs.Tab value="decisions">{words.decisionsTab}</Tabs.Tab>
          <Tabs.Tab value="reasons">{words.reasonsTab}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="groups">
          <Groups />
        </Tabs.Panel>
        <Tabs.Panel value="decisions">
          <Decisions />
        </Tabs.Panel>
        <Tabs.Panel value="reasons">
          <ReasonsTab />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Groups() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { q, reasonCode, olderThanDays } = search;
  const reasons = useQuery(reasonsQuery);
  const query = useInfiniteQuery(holdGroupsQuery({ q, reasonCode, olderThanDays }));
  const source = useRows(`holds ${q ?? ''} ${reasonCode ?? ''} ${olderThanDays ?? ''}`, query);
  const filtered = q !== undefined || reasonCode !== undefined || olderThanDays !== undefined;
  const set = (change: Partial<typeof search>): void =>
    void navigate({ search: (was) => ({ ...was, ...change }), replace: true });
  return (
    <>
      <Ageing chosen={olderThanDays} choose={(days) => set({ olderThanDays: days })} />
      <div className="filter-bar">
        <Find q={q ?? ''} label={words.find} onFind={(next) => set({ q: next === '' ? undefined : next })} />
        <NativeSelect
          aria-label={words.reasonFilter}
          value={reasonCode ?? ''}
          onChange={(event) => set({ reasonCode: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: words.anyReason },
            ...(reasons.data?.data ?? [])
              .filter((one) => one.kind === 'hold')
              .map((one) => ({ value: one.code, label: one.text })),
          ]}
        />
      </div>
      <DataTable
        id="holds"
        label={words.groupsTab}
        columns={groupColumns}
        source={source}
        rowKey={(row) => row.group}
        empty={
          filtered ? (
            <Empty title={words.noneFound}>{words.noneFoundWhy}</Empty>
          ) : (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          )
        }
      />
    </>
  );
}

/** How long goods have waited for somebody to decide; each age is a filter. */
function Ageing({ chosen, choose }: { chosen: string | undefined; choose: (days: string | undefined) => void }) {
  const { data, error } = useQuery(holdAgeingQuery);
  if (error) return <ErrorBox error={error} />;
  if (!data) return null;
  return (
    <section aria-label={words.ageing} className="hold-ages">
      {data.data.map(({ fromDays, untilDays, units, groups }) => {
        const on = chosen === String(fromDays);
        return (
          <button
            key={fromDays}
            type="button"
            className={`tile hold-age${on ? ' on' : ''}`}
            aria-pressed={on}
            onClick={() => choose(on || fromDays === 0 ? undefined : String(fromDays))}
          >
            <span className="tile-label">
              {units > 0 && fromDays >= 30 ? (
                <HoldMark word={words.age(fromDays, untilDays)} />
              ) : (
                words.age(fromDays, untilDays)
              )}
            </span>
            <span className="tile-value">{count(units)}</span>
            <span className="dim small">{words.ageUnits(units, groups)}</span>
          </button>
        );
      })}
    </section>
  );
}

function Decisions() {
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const source = useRows(`dispositions ${state ?? ''}`, useInfiniteQuery(dispositionsQuery({ state })));
  return (
    <>
      <div className="filter-bar">
        <NativeSelect
          aria-label={words.col.state}
          value={state ?? ''}
          onChange={(event) => {
            const next = dispositionStates.find((one) => one === event.currentTarget.value);
            void navigate({ search: { tab: 'decisions', ...(next ? { state: next } : {}) }, replace: true });
          }}
          data={[
            { value: '', label: words.anyState },
            ...dispositionStates.map((one) => ({ value: one, label: words.states[one] })),
          ]}
        />
      </div>
      <DataTable
        id="dispositions"
        label={words.decisionsTab}
        columns={decisionColumns}
        source={source}
        rowKey={(row) => row.disposition}
        empty={<Empty title={words.decision.none}>{words.decision.noneWhy}</Empty>}
      />
    </>
  );
}
