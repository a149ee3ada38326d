/** Any event of the vocabulary, entered by hand; what will be sent stands beside the form. */
import { Button, Code, NativeSelect, TextInput } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { factsChanged } from '~/api/records';
import { newId, sendWork } from '~/floor/work';
import { ErrorBox, Notice, PageHead, Section, useTitle } from '~/kit/page';
import { text } from '~/text';
import {
  commonFields,
  eventFields,
  eventOf,
  eventTypes,
  isEventType,
  missing,
  type Body,
  type EventType,
} from './event-fields';
import { FieldControl } from './event-form';
import './records.css';

const route = getRouteApi('/app/events/new');
const words = text.recordsMore.event;
const checks = ['record', 'live'] as const;

export function NewEventPage() {
  useTitle(words.title);
  const { event } = route.useSearch();
  // Another draft is another form: nothing of the last one is left in its fields.
  return <EventForm key={JSON.stringify(event ?? {})} draft={event ?? {}} />;
}

function EventForm({ draft }: { draft: Body }) {
  const navigate = route.useNavigate();
  const [type, setType] = useState<EventType>(isEventType(draft['type']) ? draft['type'] : 'receive');
  const [values, setValues] = useState<Body>(draft);
  const [check, setCheck] = useState<(typeof checks)[number]>('record');
  const [id, setId] = useState(newId);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [done, setDone] = useState<'sent' | 'queued' | null>(null);
  const event = eventOf(type, values);
  const lacks = missing(type, event);
  const set = (name: string, value: unknown): void => setValues((was) => ({ ...was, [name]: value }));
  const named = new Set<string>(eventFields[type].map((field) => field.name));
  const more = commonFields.filter((field) => !named.has(field.name));

  const submit = async (submitted: FormEvent): Promise<void> => {
    submitted.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const title = `${text.event[type] ?? type}`;
      const sent = await sendWork(`/events?check=${check}`, [{ id, ...event }], { title, recordable: true });
      await factsChanged();
      setDone(sent.state);
    } catch (cause) {
      setError(cause);
    }
    setBusy(false);
  };
  if (done)
    return (
      <>
        <PageHead title={words.title} />
        <Notice tone="plain" title={done === 'sent' ? words.done : words.queued} id="event-recorded">
          <Code block>{JSON.stringify(event, null, 2)}</Code>
          <div className="row-actions">
            <Button
              variant="default"
              onClick={() => {
                setId(newId());
                setDone(null);
                void navigate({ search: {}, replace: true });
              }}
            >
              {words.another}
            </Button>
            <Link to="/gaps">{text.recordsMore.gaps.title}</Link>
          </div>
        </Notice>
      </>
    );
  return (
    <>
      <PageHead title={words.title} below={<p className="dim">{words.what}</p>} />
      <div className="event-grid">
        <form onSubmit={(submitted) => void submit(submitted)} className="panel stack">
          {error ? <ErrorBox error={error} /> : null}
          <NativeSelect
            label={words.type}
            value={type}
            onChange={(e) => isEventType(e.currentTarget.value) && setType(e.currentTarget.value)}
            data={eventTypes.map((one) => ({ value: one, label: `${text.event[one] ?? one} (${one})` }))}
          />
          {type === 'void' ? null : (
            <div className="event-at">
              <TextInput
                label={words.at}
                description={words.atHint}
                value={typeof values['at'] === 'string' ? values['at'] : ''}
                onChange={(e) => set('at', e.currentTarget.value)}
                required={type !== 'correct'}
              />
              <Button variant="default" onClick={() => set('at', new Date().toISOString())}>
                {words.now}
              </Button>
            </div>
          )}
          {eventFields[type].map((field) => (
            <FieldControl
              key={`${type} ${field.name}`}
              field={field}
              value={values[field.name]}
              onChange={(value) => set(field.name, value)}
            />
          ))}
          <details>
            <summary>{words.more}</summary>
            <div className="stack">
              {more.map((field) => (
                <FieldControl
                  key={`${type} ${field.name}`}
                  field={field}
                  value={values[field.name]}
                  onChange={(value) => set(field.name, value)}
                />
              ))}
            </div>
          </details>
          <NativeSelect
            label={words.check}
            value={check}
            onChange={(e) => setCheck(checks.find((one) => one === e.currentTarget.value) ?? 'record')}
            data={checks.map((one) => ({ value: one, label: words.checks[one] }))}
          />
          {lacks.length > 0 ? (
            <p className="dim">{words.missing(lacks.map((name) => words.fields[name] ?? name))}</p>
          ) : null}
          <div className="row-actions">
            <Button type="submit" size="sm" loading={busy} disabled={lacks.length > 0}>
              {words.submit}
            </Button>
          </div>
        </form>
        <Section title={words.preview}>
          <Code block data-testid="event-preview">
            {JSON.stringify(event, null, 2)}
          </Code>
        </Section>
      </div>
    </>
  );
}
