/** Inspecting what came in: scan it, enter what its plan asks for, and see whether it is free. */
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import {
  checkInspection,
  type Inspected,
  type InspectionsFound,
  inspectionsQuery,
  type Waiting,
  type WaitingUnit,
} from '~/api/trade';
import { queryClient } from '~/api/queries';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans, verdictOf } from '~/floor/use-scans';
import { quantityText } from '~/kit/amount';
import { Empty, Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { codeOf, UnitText } from '~/kit/unit';
import { text } from '~/text';
import { type Results, resultsSaid } from './receive-draft';
import { ResultFields } from './results';
import { doWork, shown, unread } from './verdicts';
import './trading.css';

const words = text.trade.inspect;
const route = getRouteApi('/app/floor/inspect');

/** A unit that was scanned, with every receipt that it waits for. */
type Opened = { waiting: WaitingUnit[]; acknowledged: string[] };

export function InspectPage() {
  const named = route.useSearch();
  const navigate = route.useNavigate();
  const [opened, setOpened] = useState<Opened | null>(null);
  const take = (answer: InspectionsFound): VerdictData => {
    if (answer.verdict === 'stop') {
      setOpened(null);
      return shown(answer);
    }
    const open = (acknowledged: string[]): VerdictData => {
      setOpened({ waiting: answer.pending, acknowledged });
      return shown(answer);
    };
    return unread(answer, (ids) => Promise.resolve(open(ids))) ?? open([]);
  };
  const scans = useScans(async (scan) => take(await checkInspection({ unit: { scan } })));
  // Chosen from the list: as if it were scanned, once.
  const chosen = JSON.stringify(named);
  const came = useRef('{}');
  useEffect(() => {
    if (came.current === chosen) return;
    came.current = chosen;
    if (chosen !== '{}') void checkInspection({ unit: named }).then(take).catch(verdictOf).then(scans.show);
  });
  return (
    <FloorScreen title={words.work} prompt={words.scan} scans={scans}>
      {opened ? (
        <InspectForm
          key={opened.waiting.map((one) => `${one.id} ${one.receipt}`).join()}
          {...opened}
          onShow={scans.show}
          onClose={() => {
            setOpened(null);
            void navigate({ search: {}, replace: true });
          }}
        />
      ) : null}
      <WorkToDo />
    </FloorScreen>
  );
}

type FormProps = Opened & { onShow: (verdict: VerdictData | null) => void; onClose: () => void };

function InspectForm({ waiting, acknowledged, onShow, onClose }: FormProps) {
  const [receipt, setReceipt] = useState(waiting[0]!.receipt);
  const [results, setResults] = useState<Results>({});
  const [whole, setWhole] = useState(false);
  const [decision, setDecision] = useState('auto');
  const [reason, setReason] = useState('');
  const [skip, setSkip] = useState('');
  const [busy, setBusy] = useState(false);
  const one = waiting.find((other) => other.receipt === receipt) ?? waiting[0]!;
  const send = async (): Promise<void> => {
    setBusy(true);
    const verdict = await doWork<Inspected>(
      '/inspections',
      {
        unit: one.unit,
        receipt: one.receipt,
        inspection: resultsSaid(one.missing, results),
        ...(whole ? { line: true } : {}),
        ...(skip.trim() === '' ? {} : { skipInspection: skip.trim() }),
        ...(decision === 'auto' ? {} : { decision }),
        ...(reason.trim() === '' || decision === 'auto' ? {} : { reason: reason.trim() }),
        acknowledged,
      },
      {
        title: `${words.work}: ${one.unit.item} ${codeOf(one.unit)}`,
        done: (answer) => {
          onClose();
          for (const key of ['inspections', 'receipts', 'receipt'])
            void queryClient.invalidateQueries({ queryKey: [key] });
          return { verdict: answer.verdict, message: answer.message, next: answer.next };
        },
      },
    );
    setBusy(false);
    // Kept on this computer, it is done as well.
    if (verdict?.verdict === 'warn') onClose();
    onShow(verdict);
  };
  return (
    <fieldset className="trade-line" data-active>
      <legend>
        <UnitText unit={one.unit} /> {one.name} · {quantityText(one.quantity)}
        {one.place === null ? null : ` · ${one.place}`}
      </legend>
      {waiting.length > 1 ? (
        <NativeSelect
          label={text.trade.receive.receipt}
          value={receipt}
          onChange={(event) => setReceipt(event.currentTarget.value)}
          data={waiting.map((other) => other.receipt)}
        />
      ) : null}
      <ResultFields characteristics={one.missing} results={results} onChange={setResults} />
      {one.skippable ? (
        <TextInput label={words.skip} value={skip} onChange={(event) => setSkip(event.currentTarget.value)} />
      ) : null}
      <NativeSelect
        label={text.trade.receive.decision}
        value={decision}
        onChange={(event) => setDecision(event.currentTarget.value)}
        data={['auto', 'hold', 'reject'].map((value) => ({
          value,
          label: text.trade.receive.decisions[value] ?? value,
        }))}
      />
      {decision === 'auto' ? null : (
        <TextInput
          label={text.trade.receive.decisionReason}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      {one.line > 1 ? (
        <Checkbox
          label={words.whole(one.line)}
          checked={whole}
          onChange={(event) => setWhole(event.currentTarget.checked)}
        />
      ) : null}
      <Button size="lg" loading={busy} onClick={() => void send()}>
        {words.finish}
      </Button>
    </fieldset>
  );
}

function WorkToDo() {
  const query = useInfiniteQuery(inspectionsQuery({}));
  const rows: Waiting[] = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (!query.data) return null;
  return (
    <Section title={words.toDo}>
      {rows.length === 0 ? (
        <Empty title={words.none}>{words.noneWhy}</Empty>
      ) : (
        <PlainTable
          columns={[
            {
              header: text.col.unit,
              cell: (row) => (
                <Link to="/floor/inspect" search={row.unit}>
                  <UnitText unit={row.unit} />
                </Link>
              ),
            },
            { header: text.trade.place, cell: (row) => <span className="code">{row.place}</span> },
            { header: words.missing, cell: (row) => row.missing.map((one) => one.name).join(', ') },
            { header: words.since, cell: (row) => <Time at={row.since} short /> },
          ]}
          rows={rows}
          rowKey={(row) => `${row.id} ${row.receipt}`}
        />
      )}
    </Section>
  );
}
