/**
 * One unit of a trace, beside the list it was found in: why it is there or why it is not, where it is, and what lies up and
 * down stream of it, each a step that keeps the way back.
 */
import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '~/api/client';
import { treeQuery, unitQuery, unitRefQuery, whyQuery } from '~/api/queries';
import type { ToldLink, Trace, UnitRef, Why, WhyLink } from '~/api/types';
import { Amount, quantityText } from '~/kit/amount';
import { useHotkey } from '~/kit/keyboard';
import { CertaintyMark, Glyph, HoldMark, StateMark } from '~/kit/marks';
import { ErrorBox, Loading } from '~/kit/page';
import { formatTime, Interval, Time, useZone } from '~/kit/time';
import { UnitLink, unitName, UnitText } from '~/kit/unit';
import { text } from '~/text';
import { usePanel, type Step } from './panel-way';

const route = getRouteApi('/app/traces/$trace');
type Near = { id: string; unit: UnitRef };
type Panel = ReturnType<typeof usePanel>;

/** Sentences come with times in UTC ("2026-02-10 09:00 UTC"); they are shown in the zone that all other times are in. */
const inZone = (sentence: string, zone: string): string =>
  sentence.replace(
    /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:Z| UTC)/g,
    (_all, day: string, time: string) => formatTime(`${day}T${time}Z`, zone),
  );

function LinkFacts({ link }: { link: WhyLink }) {
  return (
    <>
      <p className="chain-units">
        <UnitLink id={link.input.id} unit={link.input.unit} /> <span aria-hidden="true">→</span>
        <span className="sr-only">{text.why.into}</span> <UnitLink id={link.output.id} unit={link.output.unit} />
      </p>
      <p className="chain-facts">
        <CertaintyMark certainty={link.certainty} />
        <span>
          {link.mode === 'install' ? <Interval from={link.from} until={link.until} /> : <Time at={link.from} />}
        </span>
        {link.quantity ? <span>{quantityText(link.quantity)}</span> : null}
        {link.position ? <span>{text.tree.position(link.position)}</span> : null}
        {link.workOrder ? <span className="code">{link.workOrder}</span> : null}
        {link.document && link.document !== link.workOrder ? <span className="code">{link.document}</span> : null}
        {link.place ? <span>{link.place}</span> : null}
        <span className="dim">{text.event[link.type] ?? link.type}</span>
      </p>
    </>
  );
}

function Told({ links }: { links: ToldLink[] }) {
  const { zone } = useZone();
  return links.map(({ link, sentence }, index) => (
    <li key={index}>
      <p>{inZone(sentence, zone)}</p>
      <LinkFacts link={link} />
    </li>
  ));
}

/** A chain that is not the first thing to read: there when it is asked for. */
function MoreLinks({ title, links }: { title: string; links: ToldLink[] | undefined }) {
  if (!links || links.length === 0) return null;
  return (
    <details className="nearby">
      <summary>{title}</summary>
      <ol className="chain">
        <Told links={links} />
      </ol>
    </details>
  );
}

function Chain({ why }: { why: Why }) {
  const { zone } = useZone();
  const { excluded } = why;
  if (why.chain.length === 0 && !excluded) {
    return (
      <ol className="chain">
        <li>
          <p>{why.sentences[0] ?? text.why.seed}</p>
        </li>
      </ol>
    );
  }
  return (
    <ol className="chain">
      <Told links={why.chain} />
      {excluded ? (
        <li className="chain-failed">
          <p className="strong">
            <Glyph shape="cross" tone="warn" /> {excluded.failedAt ? text.why.failsHere : text.reason[excluded.reason]}
          </p>
          <p>{inZone(excluded.sentence, zone)}</p>
          {excluded.failedAt ? <LinkFacts link={excluded.failedAt} /> : null}
        </li>
      ) : null}
    </ol>
  );
}

function Missing({ why }: { why: Why }) {
  const { zone } = useZone();
  const missing = why.missing ?? [];
  if (why.certainty !== 'possible' && missing.length === 0) return null;
  return (
    <div className="why-possible">
      {missing.length === 0 ? (
        text.why.possible
      ) : (
        <>
          <p className="strong">
            <Glyph shape="half" tone="possible" /> {text.why.missing(missing.length)}
          </p>
          <ul>
            {missing.map((one, index) => (
              <li key={index}>{inZone(one.sentence, zone)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** The unit itself, in few words: what is done with it next is on its own page. */
function UnitFacts({ id }: { id: string }) {
  const { data: unit } = useQuery(unitQuery(id));
  if (!unit) return null;
  return (
    <p className="panel-facts">
      {unit.name ? <span>{unit.name}</span> : null}
      {unit.holds.length > 0 ? <HoldMark word={text.unit.onHold(unit.holds.length)} /> : null}
      {unit.state ? <StateMark state={unit.state} /> : null}
      {(unit.customer ?? unit.place) ? <strong>{unit.customer ?? unit.place}</strong> : null}
      {!unit.state && unit.holdings.length > 1 ? <span>{text.unit.several(unit.holdings.length)}</span> : null}
      {unit.quantity ? <Amount quantity={unit.quantity} /> : null}
    </p>
  );
}

type NearbyProps = { id: string; side: 'contains' | 'used-in'; which: Step; panel: Panel };

/** What a unit was made of or went into, a page at a time: each opens here, in place. */
function Nearby({ id, side, which, panel }: NearbyProps) {
  const query = useInfiniteQuery(treeQuery(id, side, undefined));
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  const known = new Set<string>();
  const units = rows.filter((row) => !known.has(row.id) && known.add(row.id));
  return (
    <details className="nearby" open={units.length > 0 && units.length <= 5 ? true : undefined}>
      <summary>
        {side === 'contains' ? text.why.madeOf : text.why.wentInto}{' '}
        <span className="dim">
          {query.data ? (query.hasNextPage ? text.why.atLeast(units.length) : text.why.units(units.length)) : ''}
        </span>
      </summary>
      {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
      <ul>
        {units.map((row) => (
          <li key={row.id}>
            <button type="button" className="link-button" onClick={() => panel.step(row, which)}>
              <UnitText unit={row.unit} />
            </button>
            {row.certainty === 'possible' ? <CertaintyMark certainty="possible" /> : null}
          </li>
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </details>
  );
}

/** What one step up or down stream leads to: along the chain where it goes that way, else to the first neighbour. */
function useNeighbours(id: string, why: Why | undefined): { up: Near | undefined; down: Near | undefined } {
  const contains = useInfiniteQuery(treeQuery(id, 'contains', undefined));
  const usedIn = useInfiniteQuery(treeQuery(id, 'used-in', undefined));
  const links = [
    ...(why?.chain.map(({ link }) => link) ?? []),
    ...(why?.excluded?.failedAt ? [why.excluded.failedAt] : []),
  ];
  return {
    up: links.findLast((link) => link.output.id === id)?.input ?? contains.data?.pages[0]?.data[0],
    down: links.find((link) => link.input.id === id)?.output ?? usedIn.data?.pages[0]?.data[0],
  };
}

function Way({ panel, here }: { panel: Panel; here: ReactNode }) {
  const names = useQueries({ queries: panel.way.map((one) => unitRefQuery(one.id)) });
  if (panel.way.length === 0) return null;
  return (
    <nav aria-label={text.why.way} className="way">
      <ol>
        {panel.way.map((one, index) => (
          <li key={`${index} ${one.id}`}>
            <button type="button" className="link-button" onClick={() => panel.backTo(index)}>
              {names[index]?.data ? <UnitText unit={names[index].data.unit} /> : one.id}
            </button>
          </li>
        ))}
        <li aria-current="true">{here}</li>
      </ol>
    </nav>
  );
}

function Steps({ id, why, panel }: { id: string; why: Why | undefined; panel: Panel }) {
  const { up, down } = useNeighbours(id, why);
  const go = (which: 'up' | 'down'): void => {
    const opposite = which === 'up' ? 'down' : 'up';
    if (panel.cameBy(opposite)) panel.backTo(panel.way.length - 1);
    else {
      const to = which === 'up' ? up : down;
      if (to) panel.step(to, which);
    }
  };
  useHotkey('[', () => go('up'));
  useHotkey(']', () => go('down'));
  return (
    <div className="steps">
      <Button variant="default" disabled={!up && !panel.cameBy('down')} onClick={() => go('up')}>
        <kbd aria-hidden="true">[</kbd> {text.why.up}
      </Button>
      <Button variant="default" disabled={!down && !panel.cameBy('up')} onClick={() => go('down')}>
        {text.why.down} <kbd aria-hidden="true">]</kbd>
      </Button>
    </div>
  );
}

export function WhyPanel({ trace, unit }: { trace: Trace; unit: string }) {
  const panel = usePanel();
  const { tab } = route.useSearch();
  const { zone } = useZone();
  const query = useQuery(whyQuery(trace.id, unit));
  const why = query.data;
  const named = useQuery(unitRefQuery(unit));
  const ref = why?.unit ?? named.data?.unit;
  const others = why ? why.waysIn - 1 : 0;
  const out = why ? Boolean(why.excluded) : tab === 'excluded';
  // Up and down stream one comes to units that this trace never reached: that is an answer, and no failure.
  const beyond = query.error instanceof ApiError && query.error.code === 'NOT_IN_TRACE';
  const forward = trace.question.direction === 'forward';
  return (
    <aside className="why panel" aria-label={text.why.panel} data-testid="why">
      <div className="panel-head">
        <h2>{beyond ? text.why.beyondTitle : out ? text.why.titleOut : text.why.title}</h2>
        <ActionIcon variant="subtle" color="gray" aria-label={text.why.close} onClick={panel.close}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </div>
      <Way panel={panel} here={ref ? <UnitText unit={ref} /> : unit} />
      <div aria-live="polite">
        {ref ? (
          <p className="why-unit">
            <UnitLink id={unit} unit={ref} />{' '}
            {why ? <CertaintyMark certainty={why.excluded ? null : why.certainty} /> : null}
          </p>
        ) : null}
        <UnitFacts id={unit} />
        {query.isPending ? <Loading /> : null}
        {beyond ? <p>{text.why.beyond(ref ? unitName(ref) : unit)}</p> : null}
        {query.error && !beyond ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
        {why ? (
          <>
            <p className="dim">
              {why.excluded
                ? why.chain.length > 0
                  ? text.why.leadOut
                  : text.why.leadOutAtOnce
                : forward
                  ? text.why.leadForward
                  : text.why.leadBackward}
            </p>
            <Chain why={why} />
            {others > 0 ? <p className="strong">{text.why.others(others)}</p> : null}
            {why.surely ? <p>{inZone(why.surely.sentence, zone)}</p> : null}
            <Missing why={why} />
            <MoreLinks title={text.why.surest} links={why.surest?.chain} />
            <MoreLinks title={text.why.onwards} links={why.excluded?.onwards} />
          </>
        ) : null}
      </div>
      <Steps id={unit} why={why} panel={panel} />
      <Nearby key={`in ${unit}`} id={unit} side="contains" which="up" panel={panel} />
      <Nearby key={`out ${unit}`} id={unit} side="used-in" which="down" panel={panel} />
    </aside>
  );
}
