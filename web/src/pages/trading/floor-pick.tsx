/** Picking: what to fetch, in the order to walk; each scan is judged before it counts. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import {
  type Answer,
  orderQuery,
  ordersQuery,
  type Pick,
  type PickLine,
  pickQuery,
  picksQuery,
  pickVerb,
  startPick,
} from '~/api/trade';
import { queryClient } from '~/api/queries';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans, verdictOf } from '~/floor/use-scans';
import { newId } from '~/floor/work';
import { Amount, quantityText } from '~/kit/amount';
import { Empty, ErrorBox, Loading, Notice, Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitText, unitName } from '~/kit/unit';
import { text } from '~/text';
import { PickLineMark } from './marks';
import { type Asked, ReasonDialog } from './reason-dialog';
import { doWork, shown } from './verdicts';
import './trading.css';

const words = text.trade.pick;
const route = getRouteApi('/app/floor/pick');

export function PickPage() {
  const { order, pick } = route.useSearch();
  if (pick !== undefined) return <OnePick pick={pick} />;
  return order === undefined ? <Choose /> : <Start order={order} />;
}

function Choose() {
  const navigate = route.useNavigate();
  const picks = useInfiniteQuery(picksQuery({ state: 'open' }));
  const orders = useInfiniteQuery(ordersQuery('sales', { state: 'open' }));
  const scans = useScans(async (code) => {
    if (/^p\d+$/.test(code)) {
      await queryClient.fetchQuery(pickQuery(code));
      await navigate({ search: { pick: code } });
      return null;
    }
    await queryClient.fetchQuery(orderQuery('sales', code));
    await navigate({ search: { order: code } });
    return null;
  });
  const pickRows = picks.data?.pages.flatMap((page) => page.data) ?? [];
  const orderRows = orders.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <FloorScreen title={words.work} prompt={words.chooseOrder} scans={scans}>
      {pickRows.length > 0 ? (
        <Section title={words.open}>
          <PlainTable
            columns={[
              {
                header: text.trade.number,
                cell: (row) => (
                  <Link to="/floor/pick" search={{ pick: row.pick }} className="code">
                    {row.pick}
                  </Link>
                ),
              },
              { header: text.trade.nav.sales, cell: (row) => <span className="code">{row.salesOrder}</span> },
              { header: text.trade.partner.sales, cell: (row) => <span className="code">{row.customer}</span> },
              { header: text.trade.orders.state, cell: (row) => words.progress(row.picked, row.lines) },
            ]}
            rows={pickRows}
            rowKey={(row) => row.pick}
          />
        </Section>
      ) : null}
      <Section title={words.toPick}>
        {orders.data && orderRows.length === 0 ? (
          <Empty title={text.trade.none}>{text.trade.noneWhy}</Empty>
        ) : (
          <PlainTable
            columns={[
              {
                header: text.trade.number,
                cell: (row) => (
                  <Link to="/floor/pick" search={{ order: row.order }} className="code">
                    {row.order}
                  </Link>
                ),
              },
              { header: text.trade.partner.sales, cell: (row) => <span className="code">{row.partner}</span> },
              { header: text.trade.items, cell: (row) => <span className="code">{row.items.join(', ')}</span> },
              { header: text.trade.orders.due, cell: (row) => (row.due ? <Time at={row.due} short /> : null) },
            ]}
            rows={orderRows}
            rowKey={(row) => row.order}
          />
        )}
      </Section>
    </FloorScreen>
  );
}

function Start({ order }: { order: string }) {
  const navigate = route.useNavigate();
  const [strategy, setStrategy] = useState('');
  const [to, setTo] = useState('');
  const [id] = useState(newId);
  const [busy, setBusy] = useState(false);
  const scans = useScans((code) => setTo(code));
  const start = async (): Promise<void> => {
    setBusy(true);
    try {
      const pick = await startPick({
        id,
        salesOrder: order,
        ...(strategy ? { strategy } : {}),
        ...(to.trim() ? { to: to.trim() } : {}),
      });
      queryClient.setQueryData(pickQuery(pick.pick).queryKey, pick);
      void queryClient.invalidateQueries({ queryKey: ['picks'] });
      await navigate({ search: { pick: pick.pick } });
    } catch (error) {
      scans.show(verdictOf(error));
      setBusy(false);
    }
  };
  return (
    <FloorScreen title={`${words.work} · ${order}`} prompt={words.to} scans={scans}>
      <div className="trade-form">
        <NativeSelect
          size="lg"
          label={words.strategy}
          value={strategy}
          onChange={(event) => setStrategy(event.currentTarget.value)}
          data={[
            { value: '', label: text.trade.partnerPage.terms },
            ...['fefo', 'fifo'].map((one) => ({ value: one, label: words.strategies[one] ?? one })),
          ]}
        />
        <TextInput size="lg" label={words.to} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
        <Button size="lg" loading={busy} onClick={() => void start()}>
          {words.start}
        </Button>
      </div>
    </FloorScreen>
  );
}

function OnePick({ pick: id }: { pick: string }) {
  const query = useQuery(pickQuery(id));
  const [quantity, setQuantity] = useState('');
  const [asked, setAsked] = useState<Asked | null>(null);
  const fresh = async (): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: pickQuery(id).queryKey });
    void queryClient.invalidateQueries({ queryKey: ['picks'] });
    void queryClient.invalidateQueries({ queryKey: ['order', 'sales'] });
  };
  const take = (scan: string, more: object = {}): Promise<VerdictData | null> => {
    const line = query.data?.pickLines.find((one) => (one.unit.serial ?? one.unit.lot) === scan);
    const uom = (line ?? query.data?.pickLines[0])?.quantity.uom ?? 'pcs';
    return doWork<Answer>(
      `/picks/${encodeURIComponent(id)}/scan`,
      { unit: { scan }, ...(quantity.trim() ? { quantity: { value: quantity.trim(), uom } } : {}), ...more },
      {
        title: `${words.work} ${id}: ${scan}`,
        done: async (answer) => {
          setQuantity('');
          await fresh();
          return shown(answer);
        },
      },
    ).then((verdict) => {
      if (verdict?.code !== 'PICK_OTHER_UNIT') return verdict;
      // Another one than proposed: a reason settles it.
      return {
        ...verdict,
        verdict: 'ask',
        answers: [words.otherReason, words.otherDamaged].map((label) => ({
          label,
          act: () => take(scan, { ...more, reason: label }),
        })),
      };
    });
  };
  const scans = useScans((code) => take(code));
  if (query.isPending) return <Loading />;
  if (query.error || !query.data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const pick = query.data;
  return (
    <FloorScreen
      title={words.title(pick.pick, pick.salesOrder)}
      prompt={words.scan}
      scans={scans}
      actions={
        <>
          {pick.state === 'done' ? (
            <Button
              size="lg"
              renderRoot={(props) => <Link {...props} to="/floor/ship" search={{ order: pick.salesOrder }} />}
            >
              {words.pack}
            </Button>
          ) : null}
          {pick.state === 'open' ? (
            <Button
              variant="default"
              onClick={() =>
                setAsked({
                  title: words.cancel,
                  why: text.trade.sure,
                  act: async (body) => {
                    await pickVerb(id, 'cancel', body);
                    await fresh();
                  },
                })
              }
            >
              {words.cancel}
            </Button>
          ) : null}
        </>
      }
    >
      <Missing pick={pick} />
      {pick.pickLines.some((line) => line.unit.lot !== undefined && line.state === 'proposed') ? (
        <div className="trade-form">
          <TextInput
            size="lg"
            label={words.quantity}
            value={quantity}
            onChange={(event) => setQuantity(event.currentTarget.value)}
          />
        </div>
      ) : null}
      <Section title={words.list}>
        <PlainTable
          columns={[
            { header: text.trade.place, cell: (line) => <span className="code">{line.place}</span> },
            {
              header: text.col.unit,
              cell: (line) => (
                <>
                  <UnitText unit={line.unit} />
                  {line.proposed ? <div className="dim">{words.instead(unitName(line.proposed))}</div> : null}
                  {line.reason ? <div className="dim">{line.reason}</div> : null}
                </>
              ),
            },
            { header: text.trade.quantity, align: 'right', cell: (line) => <Amount quantity={line.quantity} /> },
            {
              header: text.trade.receive.expires,
              cell: (line) => (line.expires ? <Time at={line.expires} short /> : null),
            },
            { header: text.trade.orders.state, cell: (line) => <PickLineMark line={line} /> },
            {
              header: text.actions,
              quiet: true,
              cell: (line) =>
                pick.state === 'open' && line.state === 'proposed' ? (
                  <NotFound pick={pick.pick} line={line} onAsk={setAsked} onDone={fresh} />
                ) : null,
            },
          ]}
          rows={pick.pickLines}
          rowKey={(line) => line.pickLine}
        />
      </Section>
      {asked ? <ReasonDialog asked={asked} onClose={() => setAsked(null)} /> : null}
    </FloorScreen>
  );
}

function NotFound({
  pick,
  line,
  onAsk,
  onDone,
}: {
  pick: string;
  line: PickLine;
  onAsk: (asked: Asked) => void;
  onDone: () => Promise<void>;
}) {
  return (
    <Button
      variant="default"
      aria-label={words.notFoundOf(unitName(line.unit))}
      onClick={() =>
        onAsk({
          title: words.notFound,
          why: text.trade.sure,
          act: async (body) => {
            await pickVerb(pick, 'short', { ...body, pickLine: line.pickLine });
            await onDone();
          },
        })
      }
    >
      {words.notFound}
    </Button>
  );
}

function Missing({ pick }: { pick: Pick }) {
  if (pick.missing.length === 0) return null;
  const what = pick.missing
    .map((one) => {
      const why = Object.entries(one.unfit).map(([kind, n]) => `${n} ${words.unfit[kind] ?? kind}`);
      return `${quantityText(one.quantity)} ${one.item}${why.length > 0 ? ` (${why.join(', ')})` : ''}`;
    })
    .join('; ');
  return <Notice tone="warn" title={words.missing(what)} />;
}
