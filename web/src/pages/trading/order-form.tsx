/** Makes an order, or says anew what is ordered: one row a line. */
import { ActionIcon, Button, Modal, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { changeOrder, makeOrder, type Order, type OrderKind, type OrderLine } from '~/api/trade';
import { queryClient } from '~/api/queries';
import { newId } from '~/floor/work';
import { ErrorBox } from '~/kit/page';
import { text } from '~/text';
import './trading.css';

const words = text.trade.orders;
type Row = {
  key: number;
  line?: string;
  item: string;
  value: string;
  uom: string;
  due: string;
  serial: string;
  over: string;
  days: string;
};
const blank = (key: number): Row => ({ key, item: '', value: '', uom: 'pcs', due: '', serial: '', over: '', days: '' });
const rowOf = (line: OrderLine, key: number): Row => ({
  key,
  line: line.line,
  item: line.item,
  value: line.ordered.value,
  uom: line.ordered.uom,
  due: line.due?.slice(0, 10) ?? '',
  serial: line.named[0] ?? '',
  over: line.terms.overPercent ?? '',
  days: line.terms.lifeDaysMin === null ? '' : String(line.terms.lifeDaysMin),
});

function lineOf({ key: _key, value, uom, over, days, ...row }: Row): object {
  const given = Object.fromEntries(Object.entries(row).filter(([, one]) => one !== undefined && one.trim() !== ''));
  const terms = {
    ...(over.trim() ? { overPercent: over.trim() } : {}),
    ...(days.trim() ? { lifeDaysMin: Number(days) } : {}),
  };
  return {
    ...given,
    quantity: { value: value.trim(), uom: uom.trim() },
    ...(Object.keys(terms).length > 0 ? { terms } : {}),
  };
}

export function OrderForm({ kind, order, onClose }: { kind: OrderKind; order?: Order; onClose: () => void }) {
  const navigate = useNavigate();
  const [number, setNumber] = useState(order?.order ?? '');
  const [partner, setPartner] = useState(order?.partner ?? '');
  const [reason, setReason] = useState('');
  const [rows, setRows] = useState<Row[]>(order ? order.orderLines.map(rowOf) : [blank(0)]);
  // One id for one form: pressed twice, it is one order.
  const [id] = useState(newId);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const put = (key: number, more: Partial<Row>): void =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...more } : row)));

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const body = { id, partner: partner.trim(), lines: rows.map(lineOf) };
    try {
      const made = order
        ? await changeOrder(kind, order.order, { ...body, reason })
        : await makeOrder(kind, { ...body, order: number.trim() });
      queryClient.setQueryData(['order', kind, made.order], made);
      void queryClient.invalidateQueries({ queryKey: ['orders', kind] });
      onClose();
      await navigate({ to: '/orders/$kind/$order', params: { kind, order: made.order } });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };

  const field = (row: Row, name: 'item' | 'value' | 'uom' | 'due' | 'serial' | 'over' | 'days', label: string) => (
    <TextInput
      label={label}
      value={row[name]}
      onChange={(event) => put(row.key, { [name]: event.currentTarget.value })}
      required={name === 'item' || name === 'value' || name === 'uom'}
      {...(name === 'due' ? { type: 'date' } : {})}
    />
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={order ? words.change : words.new[kind]}
      size="80rem"
      closeButtonProps={{ 'aria-label': text.close }}
    >
      <form onSubmit={(event) => void submit(event)}>
        {order ? <p className="dim">{words.changeWhy}</p> : null}
        <div className="trade-form">
          {order ? null : (
            <TextInput
              label={text.trade.number}
              value={number}
              onChange={(event) => setNumber(event.currentTarget.value)}
              required
            />
          )}
          <TextInput
            label={text.trade.partner[kind]}
            value={partner}
            onChange={(event) => setPartner(event.currentTarget.value)}
            required
          />
          {order ? (
            <TextInput
              label={text.trade.reason}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              required
            />
          ) : null}
        </div>
        {rows.map((row, index) => (
          <fieldset key={row.key} className="trade-line">
            <legend>{`${words.line} ${row.line ?? index + 1}`}</legend>
            {field(row, 'item', text.col.item)}
            {field(row, 'value', text.trade.quantity)}
            {field(row, 'uom', text.col.uom)}
            {field(row, 'due', words.due)}
            {kind === 'purchase' ? field(row, 'over', words.overPercent) : field(row, 'days', words.lifeDaysMin)}
            {kind === 'sales' ? field(row, 'serial', words.serial) : null}
            {rows.length > 1 ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={words.removeLine(index + 1)}
                onClick={() => setRows(rows.filter((one) => one.key !== row.key))}
              >
                <IconTrash size={18} aria-hidden />
              </ActionIcon>
            ) : null}
          </fieldset>
        ))}
        <Button
          variant="default"
          onClick={() => setRows([...rows, blank(Math.max(...rows.map((one) => one.key)) + 1)])}
        >
          {words.addLine}
        </Button>
        {error ? <ErrorBox error={error} /> : null}
        <div className="trade-bar">
          <Button type="submit" loading={busy}>
            {order ? words.save : words.create}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
