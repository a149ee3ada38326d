/** A build at the station: scan the components one after the other, see what is open, finish; at the end, what is not as designed. */
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Build, type BuildLine, buildQuery } from '~/api/production';
import { queryClient } from '~/api/queries';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans, verdictOf } from '~/floor/use-scans';
import { sendWork } from '~/floor/work';
import { Amount, quantityText } from '~/kit/amount';
import { ErrorBox, Loading, Notice, Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { codeOf, UnitLink, unitKey, unitName } from '~/kit/unit';
import { text } from '~/text';
import { AsBuiltView } from './as-built';
import { Bulk } from './bulk';
import { DesignMark, WorkState } from './marks';
import { amountOf, kept, QUANTITY, scanInto, unread, wrongAmount } from './verdicts';
import './production.css';

const words = text.production.build;
const route = getRouteApi('/app/floor/build/$build');

export function BuildPage() {
  const { build: id } = route.useParams();
  const query = useQuery(buildQuery(id));
  if (query.isPending) return <Loading />;
  if (query.error || !query.data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  return <AtWork key={id} build={query.data} />;
}

function AtWork({ build }: { build: Build }) {
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const [quantity, setQuantity] = useState('');
  const [cameOut, setCameOut] = useState('');
  const { id, unit } = build;
  const name = unitName(unit);

  const act = async (verb: string, body: object, say: (after: Build) => string): Promise<VerdictData> => {
    const sent = await sendWork<Build>(`/builds/${id}/${verb}`, body, { title: `${words.work} ${name}: ${verb}` });
    if (sent.state === 'queued') return kept;
    queryClient.setQueryData(buildQuery(id).queryKey, sent.answer);
    for (const key of ['builds', 'work-order', 'work-orders', 'as-built'])
      void queryClient.invalidateQueries({ queryKey: [key] });
    return { verdict: 'ok', message: say(sent.answer) };
  };
  const finish = async (read: string[] = []): Promise<VerdictData> => {
    const wrong = wrongAmount(cameOut);
    if (wrong) return wrong;
    const body = {
      at: new Date().toISOString(),
      ...amountOf(cameOut),
      ...(reason.trim() ? { reason: reason.trim() } : {}),
      ...(read.length > 0 ? { acknowledged: read } : {}),
    };
    try {
      return await act('finish', body, () => words.finished(name));
    } catch (error) {
      return unread(error, (ids) => finish([...read, ...ids])) ?? verdictOf(error);
    }
  };
  const scanPart = async (scan: string): Promise<VerdictData> => {
    const wrong = wrongAmount(quantity);
    if (wrong) return wrong;
    setQuantity('');
    return scanInto(id, { scan, ...amountOf(quantity) });
  };
  const scans = useScans((code) => {
    if (/^CMD:FINISH$/i.test(code)) return finish();
    if (/^CMD:NEXT$/i.test(code)) return void navigate({ to: '/floor/build', search: { order: build.workOrder } });
    if (build.state === 'parked') return act('resume', {}, () => words.resumeHere).then(() => scanPart(code));
    return scanPart(code);
  });
  const run = (work: () => Promise<VerdictData>): void =>
    void work().then(scans.show, (error: unknown) => scans.show(verdictOf(error)));
  const ended = build.state !== 'open' && build.state !== 'parked';

  return (
    <FloorScreen
      title={words.title(`${build.item} ${codeOf(unit)}`)}
      prompt={words.scanPart}
      scans={scans}
      actions={<WorkState state={build.state} />}
    >
      <div className="build-head">
        <Link to="/work-orders/$number" params={{ number: build.workOrder }}>
          {text.production.order(build.workOrder)}
        </Link>
        {build.revision ? (
          <span>
            {text.production.revision} {build.revision}
          </span>
        ) : null}
        {build.place ? <span>{build.place}</span> : null}
        <span>{build.station ?? build.workCenter}</span>
      </div>
      {build.state === 'open' && build.lines.some((line) => line.tracking === 'lot' && line.open.value !== '0') ? (
        <TextInput
          label={words.quantity}
          description={words.quantityWhy}
          value={quantity}
          onChange={(event) => setQuantity(event.currentTarget.value)}
          error={quantity !== '' && !QUANTITY.test(quantity) ? words.quantityWrong : null}
        />
      ) : null}
      {build.state === 'finished' ? (
        <Section title={text.production.asBuilt.title}>
          <AsBuiltView unit={unitKey(unit)} />
        </Section>
      ) : (
        <Section title={words.lines}>
          <Lines
            build={build}
            onTakeOut={(part) => run(() => act(`parts/${part}/take-out`, {}, (after) => openWords(after)))}
          />
        </Section>
      )}
      {build.state === 'open' ? <Bulk build={build} onVerdict={scans.show} /> : null}
      {ended ? (
        <div className="build-bar">
          {build.state === 'abandoned' ? <p>{words.over(build.state)}</p> : null}
          {build.state === 'voided' ? <Notice tone="warn" title={words.voided} /> : null}
          <Button size="lg" component={Link} to="/floor/build" search={{ order: build.workOrder } as never}>
            {words.next}
          </Button>
        </div>
      ) : (
        <Section title={words.finishTitle}>
          <Notice tone={build.complete ? 'plain' : 'warn'} title={openWords(build)}>
            {!build.complete && build.openLines === 'refuse' ? words.refusedOpen : null}
          </Notice>
          <div className="build-bar">
            {build.state === 'open' && unit.lot !== undefined ? (
              <TextInput
                size="lg"
                label={words.cameOut}
                description={words.cameOutWhy(quantityText(build.quantity))}
                value={cameOut}
                onChange={(event) => setCameOut(event.currentTarget.value)}
                error={cameOut !== '' && !QUANTITY.test(cameOut) ? words.quantityWrong : null}
              />
            ) : null}
            {build.complete ? null : (
              <TextInput
                size="lg"
                label={words.whyOpen}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
            )}
            {build.state === 'open' ? (
              <>
                <Button size="lg" onClick={() => run(() => finish())}>
                  {words.finish}
                </Button>
                <Button
                  size="lg"
                  variant="default"
                  onClick={() => run(() => act('park', {}, () => text.production.states['parked'] ?? ''))}
                >
                  {words.park}
                </Button>
              </>
            ) : (
              <Button size="lg" onClick={() => run(() => act('resume', {}, openWords))}>
                {words.resumeHere}
              </Button>
            )}
            <Abandon
              onAbandon={(why) => run(() => act('abandon', { reason: why }, (after) => words.over(after.state)))}
            />
          </div>
        </Section>
      )}
    </FloorScreen>
  );
}

const openWords = (build: Build): string => (build.complete ? words.complete : words.stillOpen(build.open));
function Abandon({ onAbandon }: { onAbandon: (why: string) => void }) {
  const [asking, setAsking] = useState(false);
  const [why, setWhy] = useState('');
  if (!asking)
    return (
      <Button size="lg" variant="default" onClick={() => setAsking(true)}>
        {words.abandon}
      </Button>
    );
  return (
    <form
      className="build-bar"
      onSubmit={(event) => {
        event.preventDefault();
        if (why.trim() !== '') onAbandon(why.trim());
      }}
    >
      <TextInput
        size="lg"
        label={words.abandonWhy}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
        required
        autoFocus
      />
      <Button size="lg" type="submit" color="red">
        {words.abandon}
      </Button>
    </form>
  );
}

function Lines({ build, onTakeOut }: { build: Build; onTakeOut: (part: number) => void }) {
  return (
    <PlainTable
      label={words.lines}
      className="build-lines"
      columns={[
        { header: text.production.asBuilt.line, cell: (line) => line.line },
        {
          header: text.col.item,
          cell: (line) => (
            <>
              <span className="code">{line.item}</span> {line.name}
              {line.position ? <span className="dim"> · {line.position}</span> : null}
            </>
          ),
        },
        { header: text.production.quantity, align: 'right', cell: (line) => <Amount quantity={line.needed} /> },
        {
          header: words.part,
          cell: (line) => <Parts line={line} open={build.state === 'open'} onTakeOut={onTakeOut} />,
        },
        { header: text.production.state, cell: (line) => <LineState line={line} /> },
      ]}
      rows={build.lines}
      rowKey={(line) => line.line}
    />
  );
}

function LineState({ line }: { line: BuildLine }) {
  if (line.tracking === 'none') return <span className="dim">{words.untracked}</span>;
  const open = line.open.value !== '0';
  return <DesignMark open={open} say={open ? words.open : words.filled} />;
}

function Parts({ line, open, onTakeOut }: { line: BuildLine; open: boolean; onTakeOut: (part: number) => void }) {
  return (
    <>
      {line.parts.map((part) => (
        <div key={part.part} className="build-part">
          <UnitLink id={part.id} unit={part.unit} />
          {part.quantity && line.tracking === 'lot' ? <Amount quantity={part.quantity} /> : null}
          {part.position ? <span className="dim">{part.position}</span> : null}
          {part.substituteFor ? <span>{words.substituteFor(part.substituteFor)}</span> : null}
          {part.certainty === 'possible' ? <span>{words.possible}</span> : null}
          {open ? (
            <Button
              size="xs"
              variant="default"
              aria-label={words.takeOut(unitName(part.unit))}
              onClick={() => onTakeOut(part.part)}
            >
              {text.remove}
            </Button>
          ) : null}
        </div>
      ))}
      {line.loaded.map((load) => (
        <div key={`${load.id} ${codeOf(load.run)}`} className="build-part dim">
          {words.loadedOn(unitName(load.unit), codeOf(load.run))}
        </div>
      ))}
    </>
  );
}
