/** What is inspected when goods of an item come in: one plan for any supplier, and others for single ones. */
import { ActionIcon, Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useSession } from '~/app/session';
import { queryClient } from '~/api/queries';
import {
  type Characteristic,
  type InspectionPlan,
  inspectionPlansQuery,
  putInspectionPlan,
  removeInspectionPlan,
} from '~/api/trade';
import { Empty, ErrorBox, Loading, Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { text } from '~/text';
import './trading.css';

const words = text.trade.plans;

/** Which plan is being edited, as the address holds it: of one supplier, of any, or a new one. */
export type PlanEdit = 'any' | 'new' | { supplier: string };

type PlansProps = { item: string; editing: PlanEdit | null; onEdit: (edit: PlanEdit | null) => void };

export function InspectionPlans({ item, editing, onEdit }: PlansProps) {
  const { data, error, isPending, refetch } = useQuery(inspectionPlansQuery(item));
  const { can } = useSession();
  const may = can('work:plan');
  const edited =
    editing === null || editing === 'new'
      ? undefined
      : data?.find((one) => one.supplier === (editing === 'any' ? null : editing.supplier));
  return (
    <Section
      title={words.title}
      aside={
        may ? (
          <Button size="xs" variant="default" onClick={() => onEdit('new')}>
            {words.add}
          </Button>
        ) : null
      }
    >
      {isPending ? <Loading /> : null}
      {error ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {data?.length === 0 ? <Empty title={words.none}>{words.noneWhy}</Empty> : null}
      {data?.map((one) => (
        <div key={one.supplier ?? ''} className="trade-plan">
          <div className="trade-plan-head">
            <h3>{one.supplier === null ? words.anySupplier : words.ofSupplier(one.supplier)}</h3>
            <span className="dim">{one.plan.skippable ? words.skippableYes : words.skippableNo}</span>
            {may ? (
              <button
                type="button"
                className="link-button"
                aria-label={words.editOf(one.supplier)}
                onClick={() => onEdit(one.supplier === null ? 'any' : { supplier: one.supplier })}
              >
                {words.edit}
              </button>
            ) : null}
          </div>
          {one.plan.characteristics.length === 0 ? (
            <p className="dim">{words.asksNothing}</p>
          ) : (
            <PlainTable
              label={one.supplier === null ? words.anySupplier : words.ofSupplier(one.supplier)}
              columns={[
                { header: words.characteristic, cell: (row) => row.name },
                { header: words.low, align: 'right', cell: (row) => <span className="num">{row.low}</span> },
                { header: words.high, align: 'right', cell: (row) => <span className="num">{row.high}</span> },
                { header: words.uom, cell: (row) => row.uom },
                {
                  header: words.judged,
                  cell: (row) => (
                    <span className="dim">
                      {row.low === null && row.high === null ? words.bySaying : words.byMeasuring}
                    </span>
                  ),
                },
              ]}
              rows={one.plan.characteristics}
              rowKey={(row) => row.name}
            />
          )}
        </div>
      ))}
      {may && data && (editing === 'new' || edited) ? (
        <PlanForm item={item} plan={edited} others={data} onClose={() => onEdit(null)} />
      ) : null}
    </Section>
  );
}

type Row = { key: number; name: string; low: string; high: string; uom: string };
const blank = (key: number): Row => ({ key, name: '', low: '', high: '', uom: '' });
const rowOf = (one: Characteristic, key: number): Row => ({
  key,
  name: one.name,
  low: one.low ?? '',
  high: one.high ?? '',
  uom: one.uom ?? '',
});
const given = ({ name, low, high, uom }: Row): object => ({
  name: name.trim(),
  ...(low.trim() ? { low: low.trim() } : {}),
  ...(high.trim() ? { high: high.trim() } : {}),
  ...(uom.trim() ? { uom: uom.trim() } : {}),
});

type FormProps = {
  item: string;
  plan: InspectionPlan | undefined;
  others: InspectionPlan[];
  onClose: () => void;
};

function PlanForm({ item, plan, others, onClose }: FormProps) {
  const [supplier, setSupplier] = useState(plan?.supplier ?? '');
  const [skippable, setSkippable] = useState(plan?.plan.skippable ?? false);
  const [rows, setRows] = useState<Row[]>(plan ? plan.plan.characteristics.map(rowOf) : [blank(0)]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const put = (key: number, more: Partial<Row>): void =>
    setRows((was) => was.map((row) => (row.key === key ? { ...row, ...more } : row)));
  const exists = !plan && others.some((one) => (one.supplier ?? '') === supplier.trim());

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const plans = await putInspectionPlan(item, {
        ...(supplier.trim() ? { supplier: supplier.trim() } : {}),
        characteristics: rows.filter((row) => row.name.trim() !== '').map(given),
        skippable,
      });
      queryClient.setQueryData(inspectionPlansQuery(item).queryKey, plans);
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  const takeAway = async (): Promise<void> => {
    setBusy(true);
    try {
      queryClient.setQueryData(
        inspectionPlansQuery(item).queryKey,
        await removeInspectionPlan(item, plan?.supplier ?? undefined),
      );
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={plan ? words.editOf(plan.supplier) : words.add}
      closeButtonProps={{ 'aria-label': text.close }}
    >
      <form onSubmit={(event) => void submit(event)} className="stack">
        <TextInput
          label={text.trade.partner.purchase}
          description={words.supplierWhy}
          value={supplier}
          readOnly={plan !== undefined}
          onChange={(event) => setSupplier(event.currentTarget.value)}
        />
        {exists ? <p role="status">{words.replaces}</p> : null}
        {rows.map((row, index) => (
          <fieldset key={row.key} className="trade-line">
            <legend className="sr-only">{words.lineOf(index + 1)}</legend>
            <TextInput
              label={words.characteristic}
              value={row.name}
              onChange={(event) => put(row.key, { name: event.currentTarget.value })}
              required
            />
            <TextInput
              label={words.low}
              inputMode="decimal"
              value={row.low}
              onChange={(event) => put(row.key, { low: event.currentTarget.value })}
            />
            <TextInput
              label={words.high}
              inputMode="decimal"
              value={row.high}
              onChange={(event) => put(row.key, { high: event.currentTarget.value })}
            />
            <TextInput
              label={words.uom}
              value={row.uom}
              onChange={(event) => put(row.key, { uom: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={words.removeOf(row.name || String(index + 1))}
              onClick={() => setRows(rows.filter((one) => one.key !== row.key))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </fieldset>
        ))}
        {rows.length === 0 ? <p role="status">{words.asksNothing}</p> : null}
        <Button
          variant="default"
          onClick={() => setRows([...rows, blank(Math.max(-1, ...rows.map((row) => row.key)) + 1)])}
        >
          {words.addLine}
        </Button>
        <p className="dim">{words.limitsWhy}</p>
        <Checkbox
          label={words.skippable}
          description={words.skippableWhy}
          checked={skippable}
          onChange={(event) => setSkippable(event.currentTarget.checked)}
        />
        {error ? <ErrorBox error={error} /> : null}
        <Button type="submit" loading={busy}>
          {text.save}
        </Button>
        {plan ? (
          <Button variant="subtle" color="gray" disabled={busy} onClick={() => void takeAway()}>
            {plan.supplier === null ? words.takeAwayAny : words.takeAway}
          </Button>
        ) : null}
      </form>
    </Modal>
  );
}
