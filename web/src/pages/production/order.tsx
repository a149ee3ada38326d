/** One work order: where it stands, what may be done with it, what is under way, and what of its units is not as designed. */
import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import {
  buildsQuery,
  builtQuery,
  type BuiltUnit,
  changeOrder,
  orderQuery,
  type OrderVerb,
  type WorkOrder,
} from '~/api/production';
import { queryClient } from '~/api/queries';
import { useSession } from '~/app/session';
import { newId } from '~/floor/work';
import { Amount, quantityText } from '~/kit/amount';
import { DataTable, type Column, useRows } from '~/kit/data-table';
import { Empty, ErrorBox, Facts, Loading, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { DesignMark, WorkState } from './marks';
import './production.css';

const words = text.production;
const route = getRouteApi('/app/work-orders/$number');

const builtColumns: Column<BuiltUnit>[] = [
  { id: 'unit', header: text.col.unit, width: 240, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
  { id: 'made', header: words.made, width: 180, cell: (row) => <Time at={row.made} short /> },
  { id: 'revision', header: words.revision, width: 110, cell: (row) => row.revision },
  {
    id: 'differences',
    header: words.differences,
    width: 420,
    cell: (row) => (
      <span title={row.say.join('\n')}>
        {row.open > 0 ? (
          <DesignMark open say={row.say.length === 1 ? row.say[0]! : words.differencesOf(row.open)} />
        ) : (
          <DesignMark open={false} say={words.asDesigned} />
        )}
      </span>
    ),
  },
];

export function OrderPage() {
  const { number } = route.useParams();
  const query = useQuery(orderQuery(number));
  const { can } = useSession();
  useTitle(words.order(number));
  if (query.isPending) return <Loading />;
  if (query.error || !query.data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const order = query.data;
  const builds = order.kind === 'build' && (order.state === 'released' || order.state === 'in-progress');
  return (
    <>
      <PageHead
        over={<Link to="/work-orders">{words.orders}</Link>}
        title={<span className="code">{order.number}</span>}
        below={
          <div className="head-facts">
            <WorkState state={order.state} />
            <span>
              <span className="code">{order.item}</span> {order.name}
            </span>
            <span>{words.ofOrdered(order.produced.value, quantityText(order.quantity))}</span>
          </div>
        }
      >
        {builds && can('work:do') ? (
          <Button component={Link} to="/floor/build" search={{ order: order.number } as never}>
            {words.build.work}
          </Button>
        ) : null}
      </PageHead>
      <div className="unit-grid">
        <div className="unit-side">
          <Section title={words.order(order.number)}>
            <Facts rows={factsOf(order)} />
            {can('work:plan') && order.may.length > 0 ? <Change order={order} /> : null}
          </Section>
          <Section title={words.buildsTitle}>
            <OpenBuilds number={order.number} />
          </Section>
        </div>
        <Section title={words.builtTitle}>
          <Built number={order.number} />
        </Section>
      </div>
    </>
  );
}

function factsOf(order: WorkOrder): [string, React.ReactNode][] {
  const some = (label: string, value: React.ReactNode): [string, React.ReactNode][] => (value ? [[label, value]] : []);
  return [
    [words.kind, words.kinds[order.kind]],
    [words.quantity, <Amount key="q" quantity={order.quantity} />],
    [words.made, <Amount key="m" quantity={order.produced} />],
    [
      words.scrapped,
      <span key="s">
        <Amount quantity={order.scrapped} />
        {order.partsScrapped > 0 ? ` · ${words.partsScrapped(order.partsScrapped)}` : ''}
      </span>,
    ],
    [words.revision, order.revision ?? <span className="dim">{words.revisionInForce}</span>],
    ...some(words.planned, order.planned && <Time at={order.planned} short />),
    ...some(words.due, order.due && <Time at={order.due} short />),
    ...some(words.workCenter, order.workCenter),
    ...some(words.place, order.place),
    ...some(words.customer, order.customer),
    ...some(words.salesOrder, order.salesOrder),
    [words.openLines, words.openLinesWords[order.openLines]],
    ...some(words.reason, order.reason),
    ...some(words.note, order.note),
  ];
}

function Change({ order }: { order: WorkOrder }) {
  const [verb, setVerb] = useState<OrderVerb | null>(null);
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(null);
  const act = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!verb) return;
    setError(null);
    try {
      const said = reason.trim();
      const changed = await changeOrder(order.number, verb, { id: newId(), ...(said ? { reason: said } : {}) });
      queryClient.setQueryData(orderQuery(order.number).queryKey, changed);
      void queryClient.invalidateQueries({ queryKey: ['work-orders'] });
      setVerb(null);
      setReason('');
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <>
      <div className="line-choices">
        {order.may.map((one) => (
          <Button key={one} variant="default" onClick={() => setVerb(one)} aria-pressed={verb === one}>
            {words.verbs[one]}
          </Button>
        ))}
      </div>
      {verb ? (
        <form className="build-bar" onSubmit={(event) => void act(event)}>
          <TextInput
            label={words.reason}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            required={verb === 'reopen'}
          />
          <Button type="submit">{words.verbs[verb]}</Button>
          <Button variant="default" onClick={() => setVerb(null)}>
            {text.cancel}
          </Button>
        </form>
      ) : null}
      {error ? <ErrorBox error={error} /> : null}
    </>
  );
}

function OpenBuilds({ number }: { number: string }) {
  const query = useQuery(buildsQuery({ workOrder: number, state: 'open,parked' }));
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const rows = query.data.data;
  if (rows.length === 0) return <Empty title={words.noBuilds} />;
  return (
    <PlainTable
      columns={[
        {
          header: text.col.unit,
          cell: (row) => (
            <Link to="/floor/build/$build" params={{ build: row.id }} className="code">
              {row.unit.serial ?? row.unit.lot}
            </Link>
          ),
        },
        { header: words.state, cell: (row) => <WorkState state={row.state} /> },
        { header: words.build.station, cell: (row) => row.station ?? row.workCenter ?? row.place },
      ]}
      rows={rows}
      rowKey={(row) => row.id}
    />
  );
}

function Built({ number }: { number: string }) {
  const source = useRows(`built ${number}`, useInfiniteQuery(builtQuery(number)));
  return (
    <DataTable
      id="built"
      label={words.builtTitle}
      columns={builtColumns}
      source={source}
      rowKey={(row) => row.id}
      empty={<Empty title={words.noBuilt} />}
    />
  );
}
