/** Feeders and vessels: scan the run, then the material. What is on it now is on the screen; what was, one click away. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { get } from '~/api/client';
import { centersQuery, type LoadAnswer, type Run } from '~/api/production';
import { queryClient } from '~/api/queries';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans } from '~/floor/use-scans';
import { Amount } from '~/kit/amount';
import { Empty, ErrorBox, Loading, Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { codeOf, UnitLink, unitKey, UnitText } from '~/kit/unit';
import { text } from '~/text';
import { doVerb } from './verdicts';
import './production.css';

const words = text.production.load;
const route = getRouteApi('/app/floor/load');
const paths = { load: '/loads', unload: '/unloads', 'top-up': '/top-ups', clean: '/cleanings' } as const;
type Verb = keyof typeof paths;
const VERB = /^CMD:(LOAD|UNLOAD|TOP-UP|CLEAN)$/i;

type FoundRun = Run & { name: string; workCenter: string | null; place: string | null };
const runKey = (run: string) => ['run', run];
const fetchRun = (run: string, signal?: AbortSignal) => get<FoundRun>(`/runs/${encodeURIComponent(run)}`, {}, signal);

export function LoadPage() {
  const { run, verb = 'load' } = route.useSearch();
  const navigate = route.useNavigate();
  const [quantity, setQuantity] = useState('');
  const [uom, setUom] = useState('pcs');
  const query = useQuery({
    queryKey: runKey(run ?? ''),
    queryFn: ({ signal }) => fetchRun(run ?? '', signal),
    enabled: run !== undefined,
  });
  const name = query.data ? `${query.data.unit.item} ${codeOf(query.data.unit)}` : (run ?? '');

  const done = (answer: LoadAnswer): void => {
    setQuantity('');
    queryClient.setQueryData(runKey(run ?? ''), (was: FoundRun | undefined) => was && { ...was, ...answer.run });
    void queryClient.invalidateQueries({ queryKey: ['work-centers'] });
  };
  const record = (scan?: string): Promise<VerdictData> => {
    const said = { value: quantity.trim(), uom: uom.trim() };
    const amount = said.value === '' ? {} : verb === 'unload' ? { left: said } : { quantity: said };
    const body = { run, at: new Date().toISOString(), ...(scan === undefined ? {} : { scan, ...amount }) };
    return doVerb<LoadAnswer>(paths[verb], body, { title: `${words.verbs[verb]} ${name}: ${scan ?? ''}`, done });
  };
  const scans = useScans(async (code) => {
    const said = VERB.exec(code)?.[1]?.toLowerCase() as Verb | undefined;
    if (said) {
      await navigate({ search: { ...(run ? { run } : {}), verb: said }, replace: true });
      return null;
    }
    if (run !== undefined && verb !== 'clean') return record(code);
    const found = await fetchRun(code);
    await navigate({ search: { run: unitKey(found.unit), verb } });
    return { verdict: 'ok', message: words.chosen(codeOf(found.unit)) };
  });
  const prompt = run === undefined || verb === 'clean' ? words.scanRun : words.scanMaterial(words.verbs[verb], name);

  return (
    <FloorScreen title={words.work} prompt={prompt} scans={scans}>
      <div className="build-bar">
        <SegmentedControl
          size="lg"
          aria-label={words.work}
          value={verb}
          onChange={(next) => void navigate({ search: { ...(run ? { run } : {}), verb: next }, replace: true })}
          data={(Object.keys(paths) as Verb[]).map((one) => ({ value: one, label: words.verbs[one] }))}
        />
        {run !== undefined && verb !== 'clean' ? (
          <>
            <TextInput
              size="lg"
              label={verb === 'unload' ? words.left : words.quantity}
              description={words.quantityWhy}
              value={quantity}
              onChange={(event) => setQuantity(event.currentTarget.value)}
            />
            <TextInput
              size="lg"
              label={text.col.uom}
              value={uom}
              onChange={(event) => setUom(event.currentTarget.value)}
            />
          </>
        ) : null}
        {run !== undefined && verb === 'clean' ? (
          <Button size="lg" onClick={() => void record().then(scans.show)}>
            {words.cleanIt(name)}
          </Button>
        ) : null}
      </div>
      {run === undefined ? <Centers verb={verb} /> : null}
      {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data ? (
        <Section title={words.onNow(name)}>
          <Loads run={query.data} />
          <div className="build-bar">
            {query.data.id ? (
              <Link to="/units/$unit" params={{ unit: query.data.id }}>
                {words.history}
              </Link>
            ) : null}
            <Link to="/floor/load" search={{ verb }}>
              {words.otherRun}
            </Link>
          </div>
        </Section>
      ) : null}
    </FloorScreen>
  );
}

function Loads({ run }: { run: Run }) {
  if (run.loads.length === 0) return <Empty title={words.nothing} />;
  return (
    <PlainTable
      columns={[
        { header: text.col.unit, cell: (load) => <UnitLink id={load.id} unit={load.unit} /> },
        { header: text.col.position, cell: (load) => load.position },
        { header: words.quantity, align: 'right', cell: (load) => <Amount quantity={load.quantity} /> },
        { header: words.since, cell: (load) => <Time at={load.since} short /> },
      ]}
      rows={run.loads}
      rowKey={(load, index) => `${load.id} ${index}`}
    />
  );
}

function Centers({ verb }: { verb: Verb }) {
  const query = useQuery(centersQuery);
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const centers = query.data.data.filter((center) => center.runs.length > 0);
  if (centers.length === 0) return <Empty title={words.noCenters}>{words.noCentersWhy}</Empty>;
  return (
    <>
      {centers.map((center) => (
        <Section key={center.workCenter} title={`${center.workCenter} ${center.name}`}>
          <PlainTable
            columns={[
              { header: text.col.position, cell: (run) => run.position },
              {
                header: text.production.centers.runCode,
                cell: (run) => (
                  <Link to="/floor/load" search={{ run: unitKey(run.unit), verb }}>
                    <UnitText unit={run.unit} />
                  </Link>
                ),
              },
              {
                header: text.production.asBuilt.parts,
                cell: (run) => run.loads.map((load) => codeOf(load.unit)).join(', ') || words.nothing,
              },
            ]}
            rows={center.runs}
            rowKey={(run) => unitKey(run.unit)}
          />
        </Section>
      ))}
    </>
  );
}
