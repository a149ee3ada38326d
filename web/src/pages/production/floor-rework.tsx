/** Work on a finished unit that keeps its identity: parts out with their fates, parts in, tests. All of it is one fact. */
import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api } from '~/api/client';
import type { LineAnswer } from '~/api/production';
import { queryClient } from '~/api/queries';
import type { TreeRow, UnitRef } from '~/api/types';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans } from '~/floor/use-scans';
import { Amount } from '~/kit/amount';
import { Empty, ErrorBox, Loading, Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { UnitLink, unitKey } from '~/kit/unit';
import { text } from '~/text';
import { AsBuiltView } from './as-built';
import { bodyOf, type Fate, fates, keyOfRow, nameOf, oneUnit, partsIn, type Step } from './rework-steps';
import { amountOf, doVerb, wrongAmount } from './verdicts';
import './production.css';

const words = text.production.rework;
const { fates: fateWords } = text.production.swap;
const route = getRouteApi('/app/floor/rework');
const MODE = /^CMD:(OUT|IN)$/i;

export function ReworkPage() {
  const search = route.useSearch();
  const { parent, mode = 'out', fate = 'quarantine', steps = [] } = search;
  const navigate = route.useNavigate();
  const [position, setPosition] = useState('');
  const [quantity, setQuantity] = useState('');
  const [finished, setFinished] = useState<string | null>(null);
  const inside = useQuery({
    queryKey: ['unit', parent ?? '', 'parts-now'],
    queryFn: ({ signal }) => partsIn(parent ?? '', signal),
    enabled: parent !== undefined,
  });
  const put = (more: Partial<typeof search>): Promise<void> =>
    navigate({ search: { ...search, ...more }, replace: true });

  const add = async (step: Step): Promise<VerdictData> => {
    await put({ steps: [...steps, step] });
    setPosition('');
    setQuantity('');
    return { verdict: 'ok', message: sayStep(step), next: words.nextStep };
  };
  const at = (known: string | null | undefined) => {
    const said = position.trim() || known;
    return { ...(said ? { position: said } : {}), ...amountOf(quantity) };
  };
  const takeOut = async (unit: UnitRef): Promise<VerdictData> => {
    const key = unitKey(unit);
    const row = (inside.data ?? []).find((one) => keyOfRow(one) === key);
    if (inside.data && !row) return { verdict: 'stop', message: words.notIn(nameOf(key), nameOf(parent ?? '')), unit };
    return add({ do: 'out', unit: key, fate, ...at(row?.position) });
  };
  const putIn = async (unit: UnitRef, id: string): Promise<VerdictData> => {
    const { holds } = await api.unit(id);
    if (holds.length > 0)
      return {
        verdict: 'stop',
        code: 'UNIT_ON_HOLD',
        message: text.floor.look.held(holds.map((hold) => [hold.reason, hold.ref].filter(Boolean).join(' · '))),
        next: words.heldNext,
        unit,
      };
    return add({ do: 'in', unit: unitKey(unit), ...at(null) });
  };

  const scans = useScans(async (code) => {
    const said = MODE.exec(code)?.[1]?.toLowerCase();
    if (said && parent !== undefined) return put({ mode: said === 'in' ? 'in' : undefined });
    return oneUnit(code, async (unit, id) => {
      const key = unitKey(unit);
      if (parent === undefined) {
        setFinished(null);
        await put({ parent: key });
        return { verdict: 'ok', message: words.chosen(nameOf(key)), unit };
      }
      const wrong = wrongAmount(quantity);
      if (wrong) return wrong;
      if (key === parent) return { verdict: 'warn', message: words.isParent };
      if (steps.some((step) => step.do === mode && step.unit === key))
        return { verdict: 'warn', message: words.already(nameOf(key)) };
      return mode === 'out' ? takeOut(unit) : putIn(unit, id);
    });
  });

  const record = (said: { reason: string; workOrder?: string }, accept: string[] = []): Promise<VerdictData> =>
    doVerb<LineAnswer>(
      '/reworks',
      { parent, ...bodyOf(steps), ...said, ...(accept.length > 0 ? { accept } : {}) },
      {
        title: `${words.work}: ${nameOf(parent ?? '')}`,
        done: (answer) => {
          setFinished(answer.unit.id);
          void queryClient.invalidateQueries({ queryKey: ['as-built'] });
          void queryClient.invalidateQueries({ queryKey: ['unit'] });
          void navigate({ search: {}, replace: true });
        },
      },
    ).then((verdict) =>
      verdict.code === 'PART_REVISION' && accept.length === 0
        ? {
            ...verdict,
            verdict: 'ask',
            answers: [{ label: text.production.build.useAnyway, act: () => record(said, ['PART_REVISION']) }],
          }
        : verdict,
    );

  return (
    <FloorScreen
      title={parent ? words.title(nameOf(parent)) : words.work}
      prompt={parent === undefined ? words.scanParent : mode === 'out' ? words.scanOut : words.scanIn}
      scans={scans}
      actions={
        parent === undefined ? null : (
          <Link to="/floor/rework" search={{}}>
            {words.another}
          </Link>
        )
      }
    >
      {parent === undefined ? null : (
        <>
          <div className="build-bar">
            <SegmentedControl
              size="lg"
              aria-label={words.mode}
              value={mode}
              onChange={(next) => void put({ mode: next === 'in' ? 'in' : undefined })}
              data={[
                { value: 'out', label: words.modes.out },
                { value: 'in', label: words.modes.in },
              ]}
            />
            {mode === 'out' ? (
              <NativeSelect
                size="lg"
                label={text.production.swap.fate}
                value={fate}
                onChange={(event) => void put({ fate: event.currentTarget.value as Fate })}
                data={fates.map((value) => ({ value, label: fateWords[value] }))}
              />
            ) : (
              <TextInput
                size="lg"
                label={text.col.position}
                description={words.positionWhy}
                value={position}
                onChange={(event) => setPosition(event.currentTarget.value)}
              />
            )}
            <TextInput
              size="lg"
              label={words.quantity}
              description={words.quantityWhy}
              value={quantity}
              onChange={(event) => setQuantity(event.currentTarget.value)}
            />
          </div>
          <Section title={words.inside}>
            {inside.isPending ? <Loading /> : null}
            {inside.error ? <ErrorBox error={inside.error} retry={() => void inside.refetch()} /> : null}
            {inside.data ? (
              <Inside
                rows={inside.data}
                gone={steps.flatMap((step) => (step.do === 'out' ? [step.unit] : []))}
                onOut={(row) => void takeOut(row.unit).then(scans.show)}
              />
            ) : null}
          </Section>
          <TestForm onAdd={(test) => void add(test).then(scans.show)} />
          <Section title={words.steps}>
            {steps.length === 0 ? (
              <Empty title={words.noSteps}>{words.noStepsWhy}</Empty>
            ) : (
              <>
                <ol className="rework-steps" data-testid="steps">
                  {steps.map((step, index) => (
                    <li key={`${index} ${sayStep(step)}`}>
                      <span>{sayStep(step)}</span>
                      <button
                        type="button"
                        className="link-button"
                        aria-label={words.dropOf(sayStep(step))}
                        onClick={() => void put({ steps: steps.filter((_, other) => other !== index) })}
                      >
                        {text.remove}
                      </button>
                    </li>
                  ))}
                </ol>
                <FinishForm onFinish={(said) => void record(said).then(scans.show)} />
              </>
            )}
          </Section>
        </>
      )}
      {finished ? (
        <Section title={text.production.asBuilt.title}>
          <AsBuiltView unit={finished} />
          <div className="build-bar rework-after">
            <Link to="/units/$unit" params={{ unit: finished }}>
              {words.toUnit}
            </Link>
          </div>
        </Section>
      ) : null}
    </FloorScreen>
  );
}

function sayStep(step: Step): string {
  if (step.do === 'test') return words.sayTest(step.characteristic, text.trade.receive[step.result], step.measured);
  const what = `${nameOf(step.unit)}${step.quantity ? ` ${step.quantity.value} ${step.quantity.uom}` : ''}`;
  const where = step.position ?? null;
  return step.do === 'out' ? words.sayOut(what, where, fateWords[step.fate]) : words.sayIn(what, where);
}

function Inside({ rows, gone, onOut }: { rows: TreeRow[]; gone: string[]; onOut: (row: TreeRow) => void }) {
  if (rows.length === 0) return <Empty title={words.nothingIn}>{words.nothingInWhy}</Empty>;
  return (
    <PlainTable
      label={words.inside}
      columns={[
        { header: text.col.unit, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
        { header: text.col.position, cell: (row) => row.position },
        { header: text.col.quantity, align: 'right', cell: (row) => <Amount quantity={row.quantity} /> },
        {
          header: text.actions,
          quiet: true,
          cell: (row) =>
            gone.includes(keyOfRow(row)) ? (
              <span className="dim">{words.comesOut}</span>
            ) : (
              <Button
                size="sm"
                variant="default"
                aria-label={words.takeOutOf(nameOf(keyOfRow(row)))}
                onClick={() => onOut(row)}
              >
                {words.modes.out}
              </Button>
            ),
        },
      ]}
      rows={rows}
      rowKey={(row, index) => `${row.id} ${index}`}
    />
  );
}

function TestForm({ onAdd }: { onAdd: (test: Step) => void }) {
  const [characteristic, setCharacteristic] = useState('');
  const [measured, setMeasured] = useState('');
  const [result, setResult] = useState<'pass' | 'fail'>('pass');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAdd({
      do: 'test',
      characteristic: characteristic.trim(),
      result,
      ...(measured.trim() ? { measured: measured.trim() } : {}),
    });
    setCharacteristic('');
    setMeasured('');
  };
  return (
    <form className="build-bar" aria-label={words.test} onSubmit={submit}>
      <TextInput
        size="lg"
        label={words.characteristic}
        value={characteristic}
        onChange={(event) => setCharacteristic(event.currentTarget.value)}
        required
      />
      <TextInput
        size="lg"
        label={words.measured}
        value={measured}
        onChange={(event) => setMeasured(event.currentTarget.value)}
      />
      <NativeSelect
        size="lg"
        label={words.result}
        value={result}
        onChange={(event) => setResult(event.currentTarget.value === 'fail' ? 'fail' : 'pass')}
        data={[
          { value: 'pass', label: text.trade.receive.pass },
          { value: 'fail', label: text.trade.receive.fail },
        ]}
      />
      <Button type="submit" size="lg" variant="default">
        {words.addTest}
      </Button>
    </form>
  );
}

function FinishForm({ onFinish }: { onFinish: (said: { reason: string; workOrder?: string }) => void }) {
  const [reason, setReason] = useState('');
  const [order, setOrder] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onFinish({ reason: reason.trim(), ...(order.trim() ? { workOrder: order.trim() } : {}) });
  };
  return (
    <form className="build-bar" aria-label={words.finish} onSubmit={submit}>
      <TextInput
        size="lg"
        label={text.production.swap.reason}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        required
      />
      <TextInput
        size="lg"
        label={text.production.swap.order}
        value={order}
        onChange={(event) => setOrder(event.currentTarget.value)}
      />
      <Button type="submit" size="lg">
        {words.finish}
      </Button>
    </form>
  );
}
