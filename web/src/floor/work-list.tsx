/** What waits to be sent, what was refused, and what a person can do about it. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Glyph } from '~/kit/marks';
import { Notice } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';
import type { QueuedWork } from './queue-rules';
import { useOnline, useWork, type Work } from './use-work';

const marks = {
  waiting: ['ring', 'work'],
  sending: ['spin', 'work'],
  done: ['check', 'ok'],
  refused: ['cross', 'act'],
  discarded: ['dash', 'quiet'],
} as const;

/** How many of those that are sent are shown. */
const SENT_MAX = 10;

export function WorkList() {
  const work = useWork();
  const online = useOnline();
  const open = work.works.filter((one) => one.state !== 'done' && one.state !== 'discarded');
  const over = work.works.filter((one) => one.state === 'done' || one.state === 'discarded').reverse();
  return (
    <section className="floor-queue" aria-label={text.floor.queue.title} data-testid="work-queue">
      <h2>{text.floor.queue.title}</h2>
      {online ? null : (
        <Notice tone="warn" title={text.floor.queue.offline}>
          {text.floor.queue.offlineWhy}
        </Notice>
      )}
      {open.length === 0 ? <p className="dim">{text.floor.queue.none}</p> : null}
      <ul className="queue-list">
        {open.map((one) => (
          <QueueRow key={one.seq} one={one} work={work} />
        ))}
      </ul>
      {over.length > 0 ? (
        <details>
          <summary>{text.floor.queue.sent(over.length)}</summary>
          <ul className="queue-list">
            {over.slice(0, SENT_MAX).map((one) => (
              <QueueRow key={one.seq} one={one} work={work} />
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function QueueRow({ one, work }: { one: QueuedWork; work: Work }) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [shape, tone] = marks[one.state];
  const later = one.state === 'waiting' && one.problem;
  return (
    <li data-testid="queued" data-state={one.state}>
      <div className="queue-row">
        <span className="mark">
          <Glyph shape={shape} tone={tone} />
          <span>{text.floor.queue.states[one.state]}</span>
        </span>
        <strong>{one.title}</strong>
        <Time at={new Date(one.madeMs).toISOString()} short />
        <span className="dim">{text.floor.queue.by(one.who)}</span>
        {one.tries > 1 ? <span className="dim">{text.floor.queue.tries(one.tries)}</span> : null}
      </div>
      {one.state === 'refused' || later ? (
        <p className={one.state === 'refused' ? 'problem' : 'dim'}>
          {one.problem?.status === 401 ? text.floor.queue.signIn(one.who) : one.problem?.message}
        </p>
      ) : null}
      {one.reason ? <p className="dim">{one.reason}</p> : null}
      {one.state === 'refused' ? (
        <div className="queue-actions">
          <Button size="sm" variant="default" onClick={() => void work.queue?.again(one.seq)}>
            {text.retry}
          </Button>
          {one.recordable ? (
            <Button size="sm" variant="default" onClick={() => void work.queue?.asItHappened(one.seq)}>
              {text.floor.queue.record}
            </Button>
          ) : null}
          {asking ? (
            <form
              className="queue-discard"
              onSubmit={(event) => {
                event.preventDefault();
                if (reason.trim() !== '') void work.queue?.discard(one.seq, reason.trim());
              }}
            >
              <TextInput
                size="sm"
                label={text.floor.queue.why}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
                required
                autoFocus
              />
              <Button type="submit" size="sm" color="red">
                {text.floor.queue.discard}
              </Button>
            </form>
          ) : (
            <Button size="sm" variant="default" onClick={() => setAsking(true)}>
              {text.floor.queue.discard}
            </Button>
          )}
        </div>
      ) : null}
    </li>
  );
}
