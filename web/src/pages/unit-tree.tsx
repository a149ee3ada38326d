/** What is in a unit, or what it went into: one level at a time, asked for when it is opened, so that size never matters. */
import { Button, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { treeQuery } from '~/api/queries';
import type { TreeRow, Unit } from '~/api/types';
import { Amount } from '~/kit/amount';
import { CertaintyMark } from '~/kit/marks';
import { Empty, ErrorBox, Loading } from '~/kit/page';
import { fromLocalInput, Interval, Time, toLocalInput, useZone } from '~/kit/time';
import { UnitLink, unitName } from '~/kit/unit';
import { text } from '~/text';

type Side = 'contains' | 'used-in';

function Node({ row, side, at, path }: { row: TreeRow; side: Side; at: string | undefined; path: string[] }) {
  const [open, setOpen] = useState(false);
  // A rework goes round: what stands above itself is shown, but not opened again.
  const round = path.includes(row.id);
  const canOpen = row.hasMore && !round;
  return (
    <li>
      <div className="tree-row">
        {canOpen ? (
          <button
            type="button"
            className="tree-toggle"
            aria-expanded={open}
            aria-label={open ? text.tree.close(unitName(row.unit)) : text.tree.open(unitName(row.unit))}
            onClick={() => setOpen((was) => !was)}
          >
            {open ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
          </button>
        ) : (
          <span className="tree-toggle" aria-hidden="true">
            ·
          </span>
        )}
        <UnitLink id={row.id} unit={row.unit} />
        <span className="dim ellipsis">{row.name}</span>
        {row.position ? <span className="tag">{text.tree.position(row.position)}</span> : null}
        <span className="tree-end">
          {row.certainty === 'possible' ? <CertaintyMark certainty="possible" /> : null}
          {row.quantity ? <Amount quantity={row.quantity} /> : null}
          <span className="dim small">
            {row.mode === 'install' ? (
              <>
                {text.tree.installed} <Interval from={row.from} until={row.until} />
              </>
            ) : (
              <>
                {text.tree.consumed} <Time at={row.from} />
              </>
            )}
          </span>
          {row.document ? <span className="code small">{row.document}</span> : null}
        </span>
        {round ? <span className="tag">{text.tree.round}</span> : null}
      </div>
      {open && canOpen ? <Level unit={row.id} side={side} at={at} path={[...path, row.id]} /> : null}
    </li>
  );
}

function Level({ unit, side, at, path }: { unit: string; side: Side; at: string | undefined; path: string[] }) {
  const query = useInfiniteQuery(treeQuery(unit, side, at));
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const rows = query.data.pages.flatMap((page) => page.data);
  return (
    <ul className="tree">
      {rows.map((row, index) => (
        <Node key={`${row.id} ${row.event} ${row.position ?? ''} ${index}`} row={row} side={side} at={at} path={path} />
      ))}
      {rows.length === 0 ? <li className="dim">{text.tree.nothingMore}</li> : null}
      {query.hasNextPage ? (
        <li>
          <Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {text.more}
          </Button>
        </li>
      ) : null}
    </ul>
  );
}

export function UnitTree({
  unit,
  side,
  at,
  onAt,
}: {
  unit: Unit;
  side: Side;
  at: string | undefined;
  onAt: (at: string | undefined) => void;
}) {
  const { zone } = useZone();
  const first = useInfiniteQuery(treeQuery(unit.id, side, at));
  const none = first.data !== undefined && first.data.pages.every((page) => page.data.length === 0);
  return (
    <div className="tree-box">
      <div className="tree-bar">
        <TextInput
          type="datetime-local"
          label={text.tree.asOf(zone)}
          value={toLocalInput(at, zone)}
          onChange={(event) => onAt(fromLocalInput(event.currentTarget.value, zone))}
        />
        {at ? (
          <Button variant="default" onClick={() => onAt(undefined)}>
            {text.tree.allTimes}
          </Button>
        ) : (
          <span className="dim">{side === 'contains' ? text.tree.everContained : text.tree.everUsed}</span>
        )}
      </div>
      {none ? (
        <Empty title={side === 'contains' ? text.tree.containsNone : text.tree.usedNone}>
          {at ? text.tree.noneAt : side === 'contains' ? text.tree.containsNoneWhy : text.tree.usedNoneWhy}
        </Empty>
      ) : (
        <Level unit={unit.id} side={side} at={at} path={[unit.id]} />
      )}
    </div>
  );
}
