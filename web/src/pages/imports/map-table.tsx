/** One table: which of its columns is which of ours, and the first rows as they would be read. */
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Kind, type Mapping, previewTable, type PreviewRow, saveMapping, type TablePreview } from '~/api/imports';
import { Glyph } from '~/kit/marks';
import { ErrorBox, Notice, Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { text } from '~/text';

type MapTableProps = {
  upload: string;
  table: TablePreview;
  kinds: Kind[];
  savedAs: string | undefined;
  onSaved: (name: string) => void;
};

const SAMPLES = 3;
const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What the table is taken for at first: by a saved mapping, by our guess, or as its kind by our own names. */
function first(table: TablePreview, kinds: Kind[]): Mapping {
  const { mapping, guess } = table;
  if (mapping) return mapping;
  if (guess)
    return {
      kind: guess.kind,
      columns: guess.columns,
      timeZone: browserZone,
      ...(guess.dateFormat ? { dateFormat: guess.dateFormat } : {}),
      ...(guess.decimalComma ? { decimalComma: true } : {}),
    };
  return { kind: table.kind ?? kinds[0]!.kind, columns: {}, timeZone: browserZone };
}

export function MapTable({ upload, table, kinds, savedAs, onSaved }: MapTableProps) {
  const own = table.kind !== null && table.mapping === null;
  const [mapping, setMapping] = useState<Mapping>(() => first(table, kinds));
  const [shown, setShown] = useState<PreviewRow[]>(table.rows);
  const [open, setOpen] = useState(!own);
  const [name, setName] = useState(table.saved ?? table.name.replace(/\.\w+$/, ''));
  const [problem, setProblem] = useState<unknown>(null);
  const kind = kinds.find((one) => one.kind === mapping.kind)!;
  const change = (more: Partial<Mapping>): void => setMapping((before) => ({ ...before, ...more }));
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setProblem(null);
    try {
      await work();
    } catch (cause) {
      setProblem(cause);
    }
  };
  const show = (): Promise<void> =>
    attempt(async () => setShown((await previewTable(upload, table.name, mapping)).rows));
  const save = (): Promise<void> =>
    attempt(async () => {
      await saveMapping(name, mapping, table.headers);
      setShown((await previewTable(upload, table.name, mapping)).rows);
      onSaved(name);
    });
  const notice = savedAs
    ? text.map.saved(savedAs)
    : own
      ? text.map.own
      : table.saved
        ? text.map.known(table.saved)
        : table.guess
          ? text.map.guessed
          : text.map.notYet;
  return (
    <>
      <Notice tone="plain" title={notice} id="map-state">
        {own && !open ? (
          <Button variant="default" size="sm" onClick={() => setOpen(true)}>
            {text.map.map}
          </Button>
        ) : null}
      </Notice>
      {open ? (
        <Section title={text.map.columns}>
          <MapColumns table={table} kind={kind} kinds={kinds} mapping={mapping} change={change} />
          <div className="map-actions">
            <Button variant="default" size="sm" onClick={() => void show()}>
              {text.map.show}
            </Button>
            <TextInput
              label={text.map.name}
              description={text.map.nameHint}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button variant="default" size="sm" disabled={name.trim() === ''} onClick={() => void save()}>
              {text.map.save}
            </Button>
          </div>
          {problem ? <ErrorBox error={problem} /> : null}
        </Section>
      ) : null}
      <Rows rows={shown} kind={kind} />
    </>
  );
}

type MapColumnsProps = {
  table: TablePreview;
  kind: Kind;
  kinds: Kind[];
  mapping: Mapping;
  change: (more: Partial<Mapping>) => void;
};

function MapColumns({ table, kind, kinds, mapping, change }: MapColumnsProps) {
  const all = [...kind.required, ...kind.optional];
  const columnOf = (header: string) => all.find((column) => mapping.columns[column] === header) ?? '';
  const assign = (header: string, column: string): void => {
    const kept = Object.entries(mapping.columns).filter(([ours, theirs]) => theirs !== header && ours !== column);
    change({ columns: Object.fromEntries([...kept, ...(column === '' ? [] : [[column, header] as const])]) });
  };
  const setConstant = (column: string, value: string): void => {
    const kept = Object.entries(mapping.constants ?? {}).filter(([ours]) => ours !== column);
    change({ constants: Object.fromEntries([...kept, ...(value === '' ? [] : [[column, value] as const])]) });
  };
  const lacking = ['place', 'uom', ...kind.required].filter(
    (column, i, list) => all.includes(column) && mapping.columns[column] === undefined && list.indexOf(column) === i,
  );
  const ofKind = (columns: Record<string, string>, next: Kind) =>
    Object.fromEntries(Object.entries(columns).filter(([c]) => [...next.required, ...next.optional].includes(c)));
  return (
    <>
      <div className="map-form">
        <NativeSelect
          label={text.map.kind}
          value={mapping.kind}
          data={kinds.map((one) => one.kind)}
          onChange={(event) => {
            const next = kinds.find((one) => one.kind === event.currentTarget.value)!;
            change({ kind: next.kind, columns: ofKind(mapping.columns, next), constants: {} });
          }}
        />
        <TextInput
          label={text.map.dateFormat}
          description={text.map.dateHint}
          value={mapping.dateFormat ?? ''}
          onChange={(event) => change({ dateFormat: event.currentTarget.value || undefined })}
        />
        <TextInput
          label={text.map.timeZone}
          value={mapping.timeZone ?? ''}
          onChange={(event) => change({ timeZone: event.currentTarget.value || undefined })}
        />
        <Checkbox
          label={text.map.decimalComma}
          checked={mapping.decimalComma ?? false}
          onChange={(event) => change({ decimalComma: event.currentTarget.checked })}
        />
      </div>
      <div className="map-scroll">
        <PlainTable
          className="map-columns"
          label={text.map.columns}
          rows={table.headers.flatMap((header, index) => (header === '' ? [] : [{ header, index }]))}
          rowKey={({ header, index }) => `${index} ${header}`}
          columns={[
            { header: text.map.header, cell: ({ header }) => header },
            {
              header: text.map.sample,
              cell: ({ index }) => (
                <span className="dim">
                  {table.rows
                    .slice(0, SAMPLES)
                    .flatMap((row) => row.cells[index] || [])
                    .join(' · ')}
                </span>
              ),
            },
            {
              header: text.map.ours,
              cell: ({ header }) => (
                <NativeSelect
                  aria-label={text.map.columnFor(header)}
                  value={columnOf(header)}
                  data={[
                    { value: '', label: text.map.noColumn },
                    ...all.map((column) => ({ value: column, label: column })),
                  ]}
                  onChange={(event) => assign(header, event.currentTarget.value)}
                />
              ),
            },
          ]}
        />
      </div>
      {lacking.length > 0 ? (
        <>
          <h3>{text.map.constants}</h3>
          <div className="map-form">
            {lacking.map((column) => (
              <TextInput
                key={column}
                label={text.map.constant(column)}
                required={kind.required.includes(column)}
                value={mapping.constants?.[column] ?? ''}
                onChange={(event) => setConstant(column, event.currentTarget.value)}
              />
            ))}
          </div>
        </>
      ) : null}
    </>
  );
}

function Rows({ rows, kind }: { rows: PreviewRow[]; kind: Kind }) {
  const columns = [...kind.required, ...kind.optional].filter((column) =>
    rows.some((row) => row.read[column] !== undefined),
  );
  if (columns.length === 0) return null;
  const bad = rows.filter((row) => row.errors.length > 0).length;
  return (
    <Section title={text.map.rows}>
      <p data-testid="map-verdict">
        <Glyph shape={bad === 0 ? 'check' : 'triangle'} tone={bad === 0 ? 'ok' : 'warn'} /> {text.map.errors(bad)}
      </p>
      <div className="map-scroll" tabIndex={0} role="region" aria-label={text.map.rows}>
        <PlainTable
          label={text.map.rows}
          rows={rows}
          rowKey={(row) => row.row}
          columns={[
            { header: text.map.row, align: 'right', cell: (row) => row.row },
            ...columns.map((column) => ({ header: column, cell: (row: PreviewRow) => row.read[column] ?? '' })),
            {
              header: text.col.todo,
              cell: (row) =>
                row.errors.length === 0 ? (
                  <>
                    <Glyph shape="check" tone="ok" /> {text.map.good}
                  </>
                ) : (
                  <ul className="map-errors">
                    {row.errors.map((error) => (
                      <li key={`${error.column} ${error.code}`}>
                        {error.column ? <b>{error.column}: </b> : null}
                        {error.message}
                      </li>
                    ))}
                  </ul>
                ),
            },
          ]}
        />
      </div>
    </Section>
  );
}
