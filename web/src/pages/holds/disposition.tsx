/** A decision about held goods: proposed by one, approved by another, then carried out, once. */
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { dispositionQuery, holdsChanged, type DispositionPage as Data } from '~/api/holds';
import { useSession } from '~/app/session';
import { newId, sendWork } from '~/floor/work';
import { Amount } from '~/kit/amount';
import { ErrorBox, Facts, Loading, Notice, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { DecisionMark } from './marks';
import './holds.css';

const route = getRouteApi('/app/dispositions/$disposition');
const words = text.holds;

export function DispositionPage() {
  const { disposition } = route.useParams();
  const query = useQuery(dispositionQuery(disposition));
  const data = query.data;
  const title = data ? words.decision.title(words.kinds[data.kind], data.disposition) : disposition;
  useTitle(title);
  if (query.isPending) return <Loading />;
  if (query.error || !data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  return (
    <>
      <PageHead
        over={words.decision.over}
        title={title}
        below={
          <div className="head-facts">
            <DecisionMark state={data.state} />
            <span>{words.kindWhy[data.kind]}</span>
          </div>
        }
      />
      <Actions key={data.state} data={data} />
      <div className="unit-grid">
        <div className="unit-side">
          <Section title={words.decision.history}>
            <Facts
              rows={[
                [words.col.reason, data.reason],
                ...(data.place ? [[text.col.place, data.place] as [string, React.ReactNode]] : []),
                ...(data.supplier ? [[words.propose.supplier, data.supplier] as [string, React.ReactNode]] : []),
                [words.col.proposed, <Step key="p" by={data.proposedBy} at={data.proposedAt} />],
                ...(data.decidedBy
                  ? [
                      [words.col.decided, <Step key="d" by={data.decidedBy} at={data.decidedAt} />] as [
                        string,
                        React.ReactNode,
                      ],
                    ]
                  : []),
                ...(data.decidedNote ? [[words.decision.note, data.decidedNote] as [string, React.ReactNode]] : []),
                ...(data.doneBy
                  ? [[words.col.done, <Step key="c" by={data.doneBy} at={data.doneAt} />] as [string, React.ReactNode]]
                  : []),
              ]}
            />
          </Section>
        </div>
        <Section title={words.decision.units}>
          <PlainTable
            label={words.decision.units}
            columns={[
              { header: words.col.unit, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
              {
                header: words.col.quantity,
                align: 'right',
                cell: (row) => (row.quantity ? <Amount quantity={row.quantity} /> : words.decision.all),
              },
              {
                header: words.col.heir,
                cell: (row) => (row.heir ? <UnitLink id={row.heir.id} unit={row.heir.unit} /> : null),
              },
            ]}
            rows={data.unitList}
            rowKey={(row) => row.id}
          />
        </Section>
      </div>
    </>
  );
}

function Step({ by, at }: { by: string; at: string | null }) {
  return (
    <>
      {words.decision.by(by)} · <Time at={at} short />
    </>
  );
}

type Verb = 'approve' | 'refuse' | 'withdraw' | 'carry-out';

function Actions({ data }: { data: Data }) {
  const { can, user } = useSession();
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState<Verb | null>(null);
  const [error, setError] = useState<unknown>(null);
  const own = data.proposedBy === `user:${user?.username ?? ''}`;
  const decides = data.state === 'proposed' && can('dispositions:approve') && !own;
  const open = data.state === 'proposed' || data.state === 'approved';
  if (!open) return null;

  const act = async (verb: Verb): Promise<void> => {
    setBusy(verb);
    setError(null);
    try {
      const said = verb === 'carry-out' || note.trim() === '' ? {} : { note: note.trim() };
      await sendWork(`/dispositions/${data.disposition}/${verb}`, { id: newId(), ...said });
      await holdsChanged();
    } catch (cause) {
      setError(cause);
    }
    setBusy(null);
  };
  const button = (verb: Verb, label: string, variant: 'filled' | 'default') => (
    <Button size="sm" variant={variant} loading={busy === verb} disabled={busy !== null} onClick={() => void act(verb)}>
      {label}
    </Button>
  );
  return (
    <Section title={text.actions}>
      {error ? <ErrorBox error={error} /> : null}
      {own && data.state === 'proposed' ? <Notice tone="plain" title={words.decision.own} /> : null}
      <div className="filter-bar hold-actions">
        {decides ? (
          <>
            <TextInput label={words.decision.note} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
            {button('approve', words.decision.approve, 'filled')}
            {button('refuse', words.decision.refuse, 'default')}
          </>
        ) : null}
        {data.state === 'approved' && can('holds:release') ? (
          <>
            {button('carry-out', words.decision.carryOut, 'filled')}
            <span className="dim">{words.decision.carryOutWhy}</span>
          </>
        ) : null}
        {can('holds:place') ? button('withdraw', words.decision.withdraw, 'default') : null}
      </div>
    </Section>
  );
}
