/** One reason why goods must not move on: what is held by it, where it is, and what can be done about it. */
import { Button, Checkbox } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '~/api/client';
import { heldUnitsQuery, holdGroupQuery, type HeldUnit } from '~/api/holds';
import { useSession } from '~/app/session';
import { Amount, count } from '~/kit/amount';
import { elsewhere, HoldMark, StateMark } from '~/kit/marks';
import { Empty, ErrorBox, Facts, Loading, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitLink, unitName } from '~/kit/unit';
import { text } from '~/text';
import { ageDays } from './marks';
import { ProposeDialog } from './propose';
import { ReleaseDialog } from './release';
import './holds.css';

const route = getRouteApi('/app/holds/$group');
const words = text.holds;

export function HoldGroupPage() {
  const { group: key } = route.useParams();
  const { can } = useSession();
  const query = useQuery({ ...holdGroupQuery(key), retry: false });
  const units = useInfiniteQuery(heldUnitsQuery(key));
  const [picked, setPicked] = useState<ReadonlyMap<string, HeldUnit>>(new Map());
  const [dialog, setDialog] = useState<'release' | 'propose' | null>(null);
  const group = query.data;
  useTitle(group?.reason ?? words.title);

  if (query.isPending) return <Loading />;
  if (query.error || !group) {
    if (query.error instanceof ApiError && query.error.status === 404)
      return (
        <Empty title={words.group.gone}>
          <p>{words.group.goneWhy}</p>
          <p>
            <Link to="/holds">{words.title}</Link>
          </p>
        </Empty>
      );
    return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  }
  const rows = units.data?.pages.flatMap((page) => page.data) ?? [];
  const chosen = [...picked.values()];
  const toggle = (row: HeldUnit): void => {
    const next = new Map(picked);
    if (!next.delete(row.id)) next.set(row.id, row);
    setPicked(next);
  };
  const close = (): void => {
    setDialog(null);
    setPicked(new Map());
  };
  return (
    <>
      <PageHead over={words.group.over} title={<HoldMark word={group.reason} />}>
        <span className="dim">{words.group.selected(picked.size)}</span>
        {picked.size > 0 ? (
          <Button variant="subtle" onClick={() => setPicked(new Map())}>
            {words.group.clear}
          </Button>
        ) : null}
        {can('holds:place') ? (
          <Button variant="default" size="sm" onClick={() => setDialog('propose')}>
            {words.group.propose}
          </Button>
        ) : null}
        {can('holds:release') ? (
          <Button size="sm" onClick={() => setDialog('release')}>
            {words.group.release}
          </Button>
        ) : null}
      </PageHead>
      <Section title={words.group.over}>
        <Facts
          rows={[
            [
              words.group.facts.ref,
              <span key="ref" className="code">
                {group.ref}
              </span>,
            ],
            [words.group.facts.owners, group.owners.join(', ')],
            [words.group.facts.units, count(group.units)],
            [words.group.facts.items, group.items.join(', ')],
            [
              words.group.facts.since,
              <span key="since">
                <Time at={group.oldest} /> · {words.days(ageDays(group.oldest))}
              </span>,
            ],
          ]}
        />
      </Section>
      <Section title={words.col.units}>
        {units.error ? <ErrorBox error={units.error} /> : null}
        <PlainTable
          label={words.col.units}
          columns={[
            {
              header: text.actions,
              quiet: true,
              cell: (row) => (
                <Checkbox
                  aria-label={words.group.select(unitName(row.unit))}
                  checked={picked.has(row.id)}
                  onChange={() => toggle(row)}
                />
              ),
            },
            { header: words.col.unit, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
            { header: words.col.where, cell: (row) => <Where row={row} /> },
            { header: words.col.oldest, cell: (row) => <Time at={row.holds[0]?.at} short /> },
            { header: words.col.others, cell: (row) => words.otherHolds(row.others) },
          ]}
          rows={rows}
          rowKey={(row) => row.id}
        />
        {units.hasNextPage ? (
          <Button variant="default" loading={units.isFetchingNextPage} onClick={() => void units.fetchNextPage()}>
            {words.group.more}
          </Button>
        ) : null}
      </Section>
      {dialog === 'release' ? <ReleaseDialog group={group} picked={chosen} onClose={close} /> : null}
      {dialog === 'propose' ? (
        <ProposeDialog group={group.group} picked={chosen} count={group.units} onClose={() => setDialog(null)} />
      ) : null}
    </>
  );
}

function Where({ row }: { row: HeldUnit }) {
  return (
    <ul>
      {row.where.map((one, index) => (
        <li key={`${one.state} ${index}`} className="mark-line">
          <StateMark state={one.state} />{' '}
          {one.customer ?? one.place ?? (elsewhere(one.state) ? null : <span className="dim">{text.unknown}</span>)}{' '}
          <Amount quantity={one.quantity} />
        </li>
      ))}
    </ul>
  );
}
