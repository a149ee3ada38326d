/** The place tree with what lies where and how full it is; and where anything is. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { locateQuery, placeFillQuery, type PlaceFill } from '~/api/warehouse';
import { Amount, count, quantityText } from '~/kit/amount';
import { Find } from '~/kit/find';
import { Glyph, HoldMark, StateMark } from '~/kit/marks';
import { Empty, ErrorBox, Loading, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import './warehouse.css';

const route = getRouteApi('/app/place-tree');
const words = text.warehouse.fill;

function Capacity({ capacity }: Pick<PlaceFill, 'capacity'>) {
  if (!capacity) return null;
  const parts = [
    capacity.units === undefined ? null : words.of(capacity.units),
    capacity.quantity ? quantityText(capacity.quantity) : null,
    capacity.categories ? words.only(capacity.categories.join(', ')) : null,
    capacity.full === 'refuse' ? words.refuses : words.warns,
  ];
  return <span className="dim">{parts.filter(Boolean).join(' · ')}</span>;
}

function Full({ percent }: Pick<PlaceFill, 'percent'>) {
  if (percent === null) return null;
  const [shape, tone] = percent >= 100 ? (['triangle', 'warn'] as const) : (['half', 'work'] as const);
  return (
    <span className="mark">
      <Glyph shape={shape} tone={tone} />
      <span className="num">{words.percent(percent)}</span>
    </span>
  );
}

export function PlaceTreePage() {
  useTitle(words.title);
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(placeFillQuery);
  return (
    <>
      <PageHead title={words.title} />
      <Section title={words.locate}>
        <div className="filter-bar">
          <Find
            q={q}
            label={words.locateWhy}
            onFind={(next) => void navigate({ search: next ? { q: next } : {}, replace: true })}
          />
        </div>
        {q ? <Located q={q} /> : null}
      </Section>
      {query.isPending ? <Loading /> : null}
      {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data ? (
        <div className="panel plain-scroll">
          <PlainTable
            label={words.title}
            columns={[
              {
                header: text.col.place,
                cell: (place) => (
                  <span className="place-name" style={{ paddingInlineStart: place.depth * 18 }}>
                    <Link to="/stock" search={{ place: place.place }} className="code">
                      {place.place}
                    </Link>{' '}
                    {place.name === place.place ? null : place.name}
                  </span>
                ),
              },
              { header: text.col.kind, cell: (place) => place.kind },
              {
                header: words.units,
                align: 'right',
                cell: (place) => <span className="num">{count(place.units)}</span>,
              },
              {
                header: words.held,
                align: 'right',
                cell: (place) => (place.held > 0 ? <HoldMark word={count(place.held)} /> : null),
              },
              { header: words.full, cell: (place) => <Full percent={place.percent} /> },
              { header: words.capacity, cell: (place) => <Capacity capacity={place.capacity} /> },
            ]}
            rows={query.data}
            rowKey={(place) => place.place}
          />
        </div>
      ) : null}
    </>
  );
}

function Located({ q }: { q: string }) {
  const query = useQuery(locateQuery(q));
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const rows = query.data.data.flatMap((unit) => unit.where.map((where, index) => ({ unit, where, index })));
  if (rows.length === 0) return <Empty title={words.nowhere(q)} />;
  return (
    <div className="plain-scroll" data-testid="located">
      <PlainTable
        label={words.locate}
        columns={[
          { header: text.col.unit, cell: ({ unit }) => <UnitLink id={unit.id} unit={unit.unit} /> },
          { header: text.col.state, cell: ({ where }) => <StateMark state={where.state} /> },
          {
            header: text.col.where,
            cell: ({ where }) => where.customer ?? <span className="code">{where.path.join(' › ')}</span>,
          },
          { header: text.col.quantity, align: 'right', cell: ({ where }) => <Amount quantity={where.quantity} /> },
          { header: words.since, cell: ({ where }) => (where.since ? <Time at={where.since} short /> : null) },
          {
            header: words.held,
            cell: ({ unit }) =>
              unit.held[0] ? <HoldMark word={unit.held.map((one) => one.reason).join(', ')} /> : null,
          },
          {
            header: words.lastEvent,
            cell: ({ unit }) =>
              unit.last ? words.last(text.event[unit.last.type] ?? unit.last.type, unit.last.by) : null,
          },
        ]}
        rows={rows}
        rowKey={({ unit, index }) => `${unit.id} ${index}`}
      />
    </div>
  );
}
