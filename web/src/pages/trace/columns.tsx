/** The columns of units in a trace's lists. What is not known says so; what is still being computed says that instead. */
import type { Holding, State, Trace, TraceUnit } from '~/api/types';
import { Amount, quantityText, Share } from '~/kit/amount';
import type { Column } from '~/kit/data-table';
import { CertaintyMark, elsewhere, StateMark } from '~/kit/marks';
import { Interval, Time } from '~/kit/time';
import { UnitLink, unitName } from '~/kit/unit';
import { text } from '~/text';

type Placed = { state: State | null; place: string | null; customer: string | null; holdings?: Holding[] | undefined };

/** A place or a customer; where there are several, all of them with their quantities. */
function At({ row, of }: { row: Placed; of: 'place' | 'customer' }) {
  const value = row[of];
  if (value) return <span title={value}>{value}</span>;
  const held = row.holdings ?? [];
  const there = held.filter((one) => one[of] !== null);
  if (there.length > 0) {
    const all = there.map((one) => `${text.state[one.state]}: ${one[of] ?? ''}, ${quantityText(one.quantity)}`);
    const values = [...new Set(there.map((one) => one[of]))];
    const many = of === 'place' ? text.units.places(values.length) : text.units.customers(values.length);
    return <span title={all.join('\n')}>{values.length === 1 ? values[0] : many}</span>;
  }
  if (row.customer || row.place || elsewhere(row.state) || of === 'customer') return null;
  return <span className="dim">{text.unknown}</span>;
}

function States({ row }: { row: Placed }) {
  if (row.state) return <StateMark state={row.state} />;
  const states = [...new Set((row.holdings ?? []).map((one) => one.state))];
  return states.length === 0 ? (
    <StateMark state="unknown" />
  ) : (
    <span>{states.map((state) => text.state[state] ?? state).join(', ')}</span>
  );
}

function Exposure({ spans }: { spans: [string | null, string | null][] }) {
  const [first, ...rest] = spans;
  if (!first) return null;
  return (
    <>
      <Interval from={first[0]} until={first[1]} />
      {rest.length > 0 ? <span className="dim"> {text.andMore(rest.length)}</span> : null}
    </>
  );
}

export const whyColumn = <T extends TraceUnit>(label: (unit: string) => string, open: (row: T) => void): Column<T> => ({
  id: 'why',
  header: text.col.why,
  width: 64,
  cell: (row) => (
    <button type="button" className="why-button" aria-label={label(unitName(row.unit))} onClick={() => open(row)}>
      {text.why.button}
    </button>
  ),
});

export function unitColumns<T extends TraceUnit>(trace: Trace): Column<T>[] {
  const coming = trace.amounts === 'pending' ? <span className="dim">{text.units.computing}</span> : null;
  const amounts: Column<T>[] =
    trace.amounts === undefined || trace.amounts === null || trace.amounts === 'none'
      ? []
      : [
          {
            id: 'amount',
            header: text.col.amount,
            width: 125,
            align: 'right',
            cell: (row) => coming ?? <Amount quantity={row.amount} unknown={text.unknown} />,
          },
          {
            id: 'share',
            header: text.col.share,
            width: 110,
            align: 'right',
            sort: 'share',
            cell: (row) => coming ?? <Share share={row.share} />,
          },
        ];
  return [
    {
      id: 'unit',
      header: text.col.unit,
      width: 215,
      sort: 'key',
      cell: (row) => <UnitLink id={row.id} unit={row.unit} />,
    },
    { id: 'name', header: text.col.name, width: 150, cell: (row) => <span title={row.name ?? ''}>{row.name}</span> },
    {
      id: 'certainty',
      header: text.col.certainty,
      width: 100,
      sort: 'certainty',
      cell: (row) => <CertaintyMark certainty={row.certainty} />,
    },
    { id: 'state', header: text.col.state, width: 105, sort: 'state', cell: (row) => <States row={row} /> },
    { id: 'where', header: text.col.place, width: 120, sort: 'place', cell: (row) => <At row={row} of="place" /> },
    {
      id: 'customer',
      header: text.col.customer,
      width: 110,
      sort: 'customer',
      cell: (row) => <At row={row} of="customer" />,
    },
    {
      id: 'quantity',
      header: text.col.quantity,
      width: 110,
      align: 'right',
      sort: 'quantity',
      cell: (row) => <Amount quantity={row.quantity} />,
    },
    ...amounts,
    {
      id: 'made',
      header: text.col.made,
      width: 190,
      sort: 'made',
      cell: (row) => <Time at={row.made} open={text.unknown} />,
    },
    { id: 'depth', header: text.col.depth, width: 72, align: 'right', sort: 'depth', cell: (row) => row.depth },
    {
      id: 'exposure',
      header: text.col.exposure,
      width: 330,
      sort: 'exposed',
      cell: (row) => <Exposure spans={row.exposure ?? []} />,
    },
  ];
}
