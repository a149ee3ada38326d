/** Receiving: the order, then label after label; serials by scanning one after the other; all of it goes in at once. */
import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { checkReceipt, type Found, orderQuery, ordersQuery, type Receipt } from '~/api/trade';
import { queryClient } from '~/api/queries';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans } from '~/floor/use-scans';
import { decimal } from '~/kit/amount';
import { Empty, Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { type Draft, draftOf, isWhole, lineOf } from './receive-draft';
import { LineForm } from './receive-line';
import { doWork, shown, unread } from './verdicts';
import './trading.css';

const words = text.trade.receive;
const route = getRouteApi('/app/floor/receive');
const PLACE = 'unitrail.receive.place';

export function ReceivePage() {
  const { order, without } = route.useSearch();
  return order === undefined && without === undefined ? <ChooseOrder /> : <Receive key={order ?? ''} order={order} />;
}

function ChooseOrder() {
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(ordersQuery('purchase', { state: 'open' }));
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  const scans = useScans(async (code) => {
    await queryClient.fetchQuery(orderQuery('purchase', code));
    await navigate({ search: { order: code } });
    return null;
  });
  return (
    <FloorScreen title={words.work} prompt={words.chooseOrder} scans={scans}>
      <div className="trade-bar">
        <Button size="lg" variant="default" onClick={() => void navigate({ search: { without: 'true' } })}>
          {words.without}
        </Button>
      </div>
      <Section title={text.trade.nav.purchase}>
        {query.data && rows.length === 0 ? (
          <Empty title={text.trade.none}>{text.trade.noneWhy}</Empty>
        ) : (
          <PlainTable
            columns={[
              {
                header: text.trade.number,
                cell: (row) => (
                  <Link to="/floor/receive" search={{ order: row.order }} className="code">
                    {row.order}
                  </Link>
                ),
              },
              { header: words.supplier, cell: (row) => <span className="code">{row.partner}</span> },
              { header: text.trade.items, cell: (row) => <span className="code">{row.items.join(', ')}</span> },
              { header: text.trade.orders.lines, cell: (row) => text.trade.orders.progress(row.linesDone, row.lines) },
              { header: text.trade.orders.due, cell: (row) => (row.due ? <Time at={row.due} short /> : null) },
            ]}
            rows={rows}
            rowKey={(row) => row.order}
          />
        )}
      </Section>
    </FloorScreen>
  );
}

function Receive({ order }: { order: string | undefined }) {
  const [place, setPlace] = useState(() => localStorage.getItem(PLACE) ?? '');
  const [supplier, setSupplier] = useState('');
  const [reason, setReason] = useState('');
  const [drafts, setDrafts] = useState<Draft[]>([]);
  /** the line that scans go to */
  const [active, setActive] = useState<number | null>(null);
  const [acknowledged, setAcknowledged] = useState<string[]>([]);
  const keys = useRef(0);
  const [taken, setTaken] = useState<string | null>(null);
  const draft = drafts.find((one) => one.key === active);
  const put = (next: Draft): void => setDrafts((was) => was.map((one) => (one.key === next.key ? next : one)));
  const head = {
    ...(order === undefined ? {} : { purchaseOrder: order }),
    ...(supplier.trim() === '' ? {} : { supplier: supplier.trim() }),
    ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    ...(place.trim() === '' ? {} : { place: place.trim() }),
  };

  const open = (found: Found): void => {
    const key = ++keys.current;
    setDrafts((was) => [...was, draftOf(found, key)]);
    setActive(key);
  };

  /** One more serial of the line that is open, judged with all that were scanned before it. */
  const serial = async (line: Draft, code: string): Promise<VerdictData | null> => {
    if (line.serials.includes(code)) return { verdict: 'warn', message: words.serialTwice(code) };
    const serials = [...line.serials, code];
    const answer = await checkReceipt({
      ...head,
      item: line.item,
      serials: [code, ...line.serials],
      ...(line.line === undefined ? {} : { line: line.line }),
      ...(line.overReason.trim() === '' ? {} : { overReason: line.overReason.trim() }),
    });
    if (answer.verdict === 'stop') return shown(answer);
    put({ ...line, serials });
    return answer.verdict === 'ok'
      ? { ...shown(answer), message: words.serialTaken(code, serials.length) }
      : shown(answer);
  };

  const onScan = async (code: string): Promise<VerdictData | null> => {
    if (place.trim() === '') return { verdict: 'warn', message: words.placeFirst };
    if (order === undefined && reason.trim() === '') return { verdict: 'warn', message: words.reasonFirst };
    const plain = !/^\]|^\(\d|^https?:/i.test(code);
    if (draft && plain && draft.tracking === 'serial') return serial(draft, code);
    if (draft && plain && draft.tracking === 'lot' && draft.lot === '') {
      put({ ...draft, lot: code });
      return { verdict: 'ok', message: `${draft.item} ${code}`, next: words.addFirst };
    }
    const answer = await checkReceipt({ ...head, scan: code });
    const found = answer.found;
    if (!found || answer.verdict === 'stop') return shown(answer);
    const same = drafts.find((one) => one.item === found.item && one.line === found.line && one.tracking === 'serial');
    const take = async (): Promise<VerdictData | null> => {
      if (same && found.serial !== undefined) {
        setActive(same.key);
        return serial(same, found.serial);
      }
      open(found);
      return shown(answer);
    };
    const fresh = answer.instructions.filter((one) => one.acknowledge && !acknowledged.includes(one.id));
    return (
      unread({ message: answer.message, instructions: fresh }, async (ids) => {
        setAcknowledged((was) => [...was, ...ids]);
        return take();
      }) ?? take()
    );
  };
  const scans = useScans(onScan);

  const finish = (): Promise<VerdictData | null> =>
    doWork<Receipt>(
      '/receipts',
      {
        ...head,
        lines: drafts.map(lineOf),
        closeShort: drafts.flatMap((one) =>
          one.line !== undefined && one.closeReason.trim() !== ''
            ? [{ line: one.line, reason: one.closeReason.trim() }]
            : [],
        ),
        acknowledged,
      },
      {
        title: words.title(order ?? words.without),
        done: async (receipt) => {
          localStorage.setItem(PLACE, place.trim());
          setDrafts([]);
          setActive(null);
          await queryClient.invalidateQueries({ queryKey: ['order', 'purchase'] });
          void queryClient.invalidateQueries({ queryKey: ['orders', 'purchase'] });
          void queryClient.invalidateQueries({ queryKey: ['receipts'] });
          void queryClient.invalidateQueries({ queryKey: ['inspections'] });
          setTaken(receipt.receipt);
          return { verdict: 'ok', message: words.done(receipt.receipt, receipt.units) };
        },
      },
    );

  const prompt = !draft
    ? words.scanGoods
    : draft.tracking === 'serial'
      ? words.scanSerial(draft.item)
      : draft.lot === '' && draft.tracking === 'lot'
        ? words.scanLot(draft.item)
        : words.scanGoods;
  return (
    <FloorScreen title={words.title(order ?? words.without)} prompt={prompt} scans={scans}>
      {taken === null ? null : (
        <Link to="/receipts/$receipt" params={{ receipt: taken }}>
          {words.receipt} <span className="code">{taken}</span>
        </Link>
      )}
      <div className="trade-form">
        <TextInput
          size="lg"
          label={words.place}
          value={place}
          onChange={(event) => setPlace(event.currentTarget.value)}
          required
        />
        {order === undefined ? (
          <>
            <TextInput
              size="lg"
              label={words.supplier}
              value={supplier}
              onChange={(event) => setSupplier(event.currentTarget.value)}
            />
            <TextInput
              size="lg"
              label={words.reason}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              required
            />
          </>
        ) : null}
      </div>
      {order === undefined ? null : <Expected order={order} drafts={drafts} />}
      <Section title={words.pending}>
        {drafts.length === 0 ? <Empty title={words.nothing}>{words.nothingWhy}</Empty> : null}
        {drafts.map((one) => (
          <LineForm
            key={one.key}
            draft={one}
            active={one.key === active}
            onActive={() => setActive(one.key)}
            onChange={put}
            onRemove={() => setDrafts(drafts.filter((other) => other.key !== one.key))}
          />
        ))}
        {drafts.length > 0 ? (
          <div className="trade-bar trade-filters">
            <Button
              size="lg"
              disabled={!drafts.every(isWhole) || place.trim() === ''}
              onClick={() => void finish().then(scans.show)}
            >
              {words.finish}
            </Button>
          </div>
        ) : null}
      </Section>
    </FloorScreen>
  );
}

/** What the order still expects, and what of it is here. */
function Expected({ order, drafts }: { order: string; drafts: Draft[] }) {
  const { data } = useQuery(orderQuery('purchase', order));
  if (!data) return null;
  return (
    <Section title={words.expected}>
      <PlainTable
        columns={[
          { header: text.trade.orders.line, cell: (line) => <span className="code">{line.line}</span> },
          {
            header: text.col.item,
            cell: (line) => (
              <>
                <span className="code">{line.item}</span> {line.name}
              </>
            ),
          },
          {
            header: words.expected,
            align: 'right',
            cell: (line) => `${decimal(line.ordered.value)} ${line.ordered.uom}`,
          },
          {
            header: words.receivedSoFar,
            align: 'right',
            cell: (line) => (line.done ? decimal(line.done.value) : text.unknown),
          },
          {
            header: words.here,
            align: 'right',
            cell: (line) =>
              drafts
                .filter((one) => one.line === line.line)
                .map((one) => (one.tracking === 'serial' ? String(one.serials.length) : one.quantity || '–'))
                .join(' + '),
          },
        ]}
        rows={data.orderLines}
        rowKey={(line) => line.line}
      />
    </Section>
  );
}
