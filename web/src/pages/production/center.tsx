/** One work centre: its feeders and vessels with what is on them now, what is being built there, and its orders. */
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { buildsQuery, centerQuery, ordersQuery, type Run, type WorkCenter } from '~/api/production';
import { useSession } from '~/app/session';
import { Amount, quantityText } from '~/kit/amount';
import { Empty, ErrorBox, Facts, Loading, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitLink, unitKey, UnitText } from '~/kit/unit';
import { text } from '~/text';
import { CenterForm } from './center-form';
import { WorkState } from './marks';
import './production.css';

const words = text.production.centers;
const route = getRouteApi('/app/work-centers/$center');

export function CenterPage() {
  const { center: code } = route.useParams();
  const { edit } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const query = useQuery(centerQuery(code));
  useTitle(words.center(code));
  if (query.isPending) return <Loading />;
  if (query.error || !query.data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const center = query.data;
  const editing = (open: boolean): void =>
    void navigate({ search: open ? { edit: 'center' as const } : {}, replace: true });
  return (
    <>
      <PageHead
        over={<Link to="/work-centers">{words.title}</Link>}
        title={
          <>
            <span className="code">{center.workCenter}</span> {center.name}
          </>
        }
      >
        {can('work:plan') ? (
          <Button variant="default" onClick={() => editing(true)}>
            {words.edit}
          </Button>
        ) : null}
      </PageHead>
      <div className="unit-grid">
        <div className="unit-side">
          <Section title={text.unit.identity}>
            <Facts
              rows={[
                [text.production.place, center.place ?? <span className="dim">{text.none}</span>],
                [words.takes, center.takesRuns ? words.takesYes : words.takesNo],
              ]}
            />
          </Section>
          <Section title={text.production.buildsTitle}>
            <Builds center={code} />
          </Section>
        </div>
        <div>
          <Section title={words.runs}>
            <Runs center={center} mayLoad={can('work:do')} />
          </Section>
          <Section title={words.orders}>
            <Orders center={code} />
          </Section>
        </div>
      </div>
      {edit && can('work:plan') ? <CenterForm center={center} onClose={() => editing(false)} /> : null}
    </>
  );
}

function Runs({ center, mayLoad }: { center: WorkCenter; mayLoad: boolean }) {
  if (center.runs.length === 0) return <Empty title={words.noRuns}>{words.noRunsWhy}</Empty>;
  return (
    <PlainTable
      label={words.runs}
      columns={[
        {
          header: words.runCode,
          cell: (run: Run) => (run.id ? <UnitLink id={run.id} unit={run.unit} /> : <UnitText unit={run.unit} />),
        },
        { header: text.col.position, cell: (run) => run.position },
        {
          header: words.loadedNow,
          cell: (run) =>
            run.loads.length === 0 ? (
              <span className="dim">{run.id === null ? words.neverLoaded : words.empty}</span>
            ) : (
              <ul className="plain-rows">
                {run.loads.map((load, index) => (
                  <li key={`${load.id} ${index}`}>
                    <UnitLink id={load.id} unit={load.unit} /> <Amount quantity={load.quantity} />{' '}
                    <span className="dim">
                      {text.unit.since} <Time at={load.since} short />
                    </span>
                  </li>
                ))}
              </ul>
            ),
        },
        ...(mayLoad
          ? [
              {
                header: text.actions,
                quiet: true,
                cell: (run: Run) => (
                  <Link to="/floor/load" search={{ run: unitKey(run.unit) }}>
                    {text.production.load.work}
                  </Link>
                ),
              },
            ]
          : []),
      ]}
      rows={center.runs}
      rowKey={(run) => unitKey(run.unit)}
    />
  );
}

function Builds({ center }: { center: string }) {
  const query = useQuery(buildsQuery({ workCenter: center, state: 'open,parked' }));
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  if (query.data.data.length === 0) return <Empty title={words.noBuilds} />;
  return (
    <PlainTable
      label={text.production.buildsTitle}
      columns={[
        {
          header: text.col.unit,
          cell: (row) => (
            <Link to="/floor/build/$build" params={{ build: row.id }}>
              <UnitText unit={row.unit} />
            </Link>
          ),
        },
        { header: text.production.state, cell: (row) => <WorkState state={row.state} /> },
        { header: text.production.build.station, cell: (row) => row.station },
      ]}
      rows={query.data.data}
      rowKey={(row) => row.id}
    />
  );
}

function Orders({ center }: { center: string }) {
  const query = useInfiniteQuery(ordersQuery({ workCenter: center, state: 'planned,released,in-progress' }));
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const rows = query.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) return <Empty title={words.noOrders} />;
  return (
    <>
      <PlainTable
        label={words.orders}
        columns={[
          {
            header: text.production.number,
            cell: (row) => (
              <Link to="/work-orders/$number" params={{ number: row.number }} className="code">
                {row.number}
              </Link>
            ),
          },
          { header: text.production.state, cell: (row) => <WorkState state={row.state} /> },
          {
            header: text.col.item,
            cell: (row) => (
              <>
                <span className="code">{row.item}</span> {row.name}
              </>
            ),
          },
          {
            header: text.production.made,
            align: 'right',
            cell: (row) => text.production.ofOrdered(row.produced.value, quantityText(row.quantity)),
          },
        ]}
        rows={rows}
        rowKey={(row) => row.number}
      />
      {query.hasNextPage ? (
        <Button variant="default" onClick={() => void query.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </>
  );
}
