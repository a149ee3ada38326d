/** Makes a work centre, or says anew where it is and which feeders and vessels belong to it: one row a run. */
import { ActionIcon, Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { centerQuery, putCenter, type Run, type WorkCenter } from '~/api/production';
import { queryClient } from '~/api/queries';
import { ErrorBox } from '~/kit/page';
import { codeOf } from '~/kit/unit';
import { text } from '~/text';
import './production.css';

const words = text.production.centers;
type Row = { key: number; item: string; run: string; position: string; loads: string[] };
const rowOf = (run: Run, key: number): Row => ({
  key,
  item: run.unit.item,
  run: codeOf(run.unit),
  position: run.position ?? '',
  loads: run.loads.map((load) => `${load.unit.item} ${codeOf(load.unit)}`),
});

export function CenterForm({ center, onClose }: { center?: WorkCenter; onClose: () => void }) {
  const navigate = useNavigate();
  const [code, setCode] = useState(center?.workCenter ?? '');
  const [name, setName] = useState(center?.name ?? '');
  const [place, setPlace] = useState(center?.place ?? '');
  const [takesRuns, setTakesRuns] = useState(center?.takesRuns ?? false);
  const [rows, setRows] = useState<Row[]>(center?.runs.map(rowOf) ?? []);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const put = (key: number, more: Partial<Row>): void =>
    setRows((was) => was.map((row) => (row.key === key ? { ...row, ...more } : row)));
  // Taken off the list, a feeder keeps what is on it, but builds here take nothing from it any more.
  const lost = (center?.runs ?? [])
    .map(rowOf)
    .filter((was) => was.loads.length > 0 && !rows.some((row) => row.item === was.item && row.run === was.run));

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const saved = await putCenter(code.trim(), {
        name: name.trim(),
        ...(place.trim() ? { place: place.trim() } : {}),
        takesRuns,
        runs: rows.map((row) => ({
          item: row.item.trim(),
          run: row.run.trim(),
          ...(row.position.trim() ? { position: row.position.trim() } : {}),
        })),
      });
      queryClient.setQueryData(centerQuery(saved.workCenter).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: ['work-centers'] });
      onClose();
      if (!center) await navigate({ to: '/work-centers/$center', params: { center: saved.workCenter } });
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
      title={center ? words.editOf(center.workCenter) : words.add}
      closeButtonProps={{ 'aria-label': text.close }}
    >
      <form onSubmit={(event) => void submit(event)} className="stack">
        <TextInput
          label={words.code}
          value={code}
          readOnly={center !== undefined}
          onChange={(event) => setCode(event.currentTarget.value)}
          required
        />
        <TextInput
          label={text.col.name}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
        />
        <TextInput
          label={text.production.place}
          description={words.placeWhy}
          value={place}
          onChange={(event) => setPlace(event.currentTarget.value)}
        />
        <Checkbox
          label={words.takesRuns}
          description={words.takesRunsWhy}
          checked={takesRuns}
          onChange={(event) => setTakesRuns(event.currentTarget.checked)}
        />
        <p className="dim">{words.runsWhy}</p>
        {rows.map((row, index) => (
          <fieldset key={row.key} className="form-row">
            <legend className="sr-only">{words.runOf(index + 1)}</legend>
            <TextInput
              label={text.col.item}
              value={row.item}
              onChange={(event) => put(row.key, { item: event.currentTarget.value })}
              required
            />
            <TextInput
              label={words.runCode}
              value={row.run}
              onChange={(event) => put(row.key, { run: event.currentTarget.value })}
              required
            />
            <TextInput
              label={text.col.position}
              value={row.position}
              onChange={(event) => put(row.key, { position: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={words.removeOf(row.run || String(index + 1))}
              onClick={() => setRows(rows.filter((one) => one.key !== row.key))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </fieldset>
        ))}
        <Button
          variant="default"
          onClick={() =>
            setRows([
              ...rows,
              {
                key: Math.max(-1, ...rows.map((row) => row.key)) + 1,
                item: rows.at(-1)?.item ?? '',
                run: '',
                position: '',
                loads: [],
              },
            ])
          }
        >
          {words.addRun}
        </Button>
        {lost.map((row) => (
          <p key={row.run} role="status">
            {words.stillLoaded(row.run, row.loads.join(', '))}
          </p>
        ))}
        {error ? <ErrorBox error={error} /> : null}
        <Button type="submit" loading={busy}>
          {text.save}
        </Button>
      </form>
    </Modal>
  );
}
