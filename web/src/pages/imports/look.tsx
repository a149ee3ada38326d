/** A file before it comes in: what its tables are, which of their columns is which of ours, and how the first rows would be read. */
import { Button, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { importKept, kindsQuery, lookQuery, type TablePreview } from '~/api/imports';
import { queryClient } from '~/api/queries';
import { ErrorBox, Loading, PageHead, Section, useTitle } from '~/kit/page';
import { text } from '~/text';
import { MapTable } from './map-table';
import './imports.css';

const route = getRouteApi('/app/imports/look/$upload');

const state = (table: TablePreview, saved: string | undefined): string => {
  if (saved || table.saved || table.kind) return text.map.ready;
  return table.guess ? text.map.toMap : text.map.unread;
};

export function LookPage() {
  const { upload } = route.useParams();
  const { table: chosen } = route.useSearch();
  const navigate = useNavigate();
  const look = useQuery(lookQuery(upload));
  const kinds = useQuery(kindsQuery);
  // Mappings that were saved here count for this import, also where a file would be read by its own name.
  const [saved, setSaved] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useTitle(text.map.title(look.data?.name ?? ''));
  if (look.isPending || kinds.isPending) return <Loading label={text.map.looking} />;
  if (!look.data || !kinds.data)
    return <ErrorBox error={look.error ?? kinds.error} retry={() => void look.refetch()} />;
  const { name, tables } = look.data;
  const table = tables.find((one) => one.name === chosen) ?? tables.find((one) => !one.kind && one.guess) ?? tables[0];
  const start = async (dryRun: boolean): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const { id } = await importKept(upload, { mapping: Object.values(saved), dryRun });
      void queryClient.invalidateQueries({ queryKey: ['imports'] });
      await navigate({ to: '/imports/$import', params: { import: id } });
    } catch (cause) {
      setProblem(cause);
      setBusy(false);
    }
  };
  return (
    <>
      <PageHead over={<Link to="/imports">{text.imports.title}</Link>} title={text.map.title(name)}>
        <Button variant="default" size="sm" disabled={busy} onClick={() => void start(true)}>
          {text.map.tryIt}
        </Button>
        <Button size="sm" disabled={busy} onClick={() => void start(false)}>
          {text.map.bringIn}
        </Button>
      </PageHead>
      {problem ? <ErrorBox error={problem} title={text.imports.notTaken} /> : null}
      {tables.length > 1 && table ? (
        <Section title={text.map.tables}>
          <Tabs
            value={table.name}
            onChange={(value) =>
              void navigate({ to: '/imports/look/$upload', params: { upload }, search: { table: value ?? undefined } })
            }
          >
            <Tabs.List aria-label={text.map.tables}>
              {tables.map((one) => (
                <Tabs.Tab key={one.name} value={one.name}>
                  {one.name} <span className="dim">({state(one, saved[one.name])})</span>
                </Tabs.Tab>
              ))}
            </Tabs.List>
          </Tabs>
        </Section>
      ) : null}
      {table && table.kind !== 'events' ? (
        <MapTable
          key={table.name}
          upload={upload}
          table={table}
          kinds={kinds.data}
          savedAs={saved[table.name]}
          onSaved={(as) => setSaved((before) => ({ ...before, [table.name]: as }))}
        />
      ) : null}
    </>
  );
}
