/**
 * What a scan is answered with: icon, word, colour, tone. "Stop" and "ask" cover all else until a person deals with them, by
 * key, button or a printed command; "ok" stands until the next scan.
 */
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconHandStop, IconHelpHexagon } from '@tabler/icons-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { quantityText } from '~/kit/amount';
import { Time } from '~/kit/time';
import { UnitText } from '~/kit/unit';
import { text } from '~/text';
import { mustBeAnswered, type Substitute, type Tone, type VerdictData } from './types';
import type { Scans } from './use-scans';
import './floor.css';

const icons = { ok: IconCircleCheck, warn: IconAlertTriangle, stop: IconHandStop, ask: IconHelpHexagon };

type VerdictProps = Pick<Scans, 'verdict' | 'waiting' | 'dismiss' | 'acknowledge' | 'choose' | 'answer' | 'drop'>;

export function Verdict(props: VerdictProps) {
  const { verdict } = props;
  if (!verdict) return null;
  return mustBeAnswered(verdict) ? (
    <Deliberate key={verdict.message} {...props} verdict={verdict} />
  ) : (
    <div
      className={`floor-verdict verdict-${verdict.verdict}`}
      data-testid="verdict"
      data-verdict={verdict.verdict}
      role="status"
    >
      <Said verdict={verdict} />
      <Instructions verdict={verdict} />
    </div>
  );
}

function Said({ verdict }: { verdict: VerdictData }) {
  const tone: Tone = verdict.verdict;
  const Icon = icons[tone];
  return (
    <>
      <Icon className="verdict-icon" aria-hidden stroke={1.6} />
      <div className="verdict-said">
        <p className="verdict-word">{text.floor.words[tone]}</p>
        <p className="verdict-message" id="verdict-message">
          {verdict.message}
        </p>
        {verdict.unit ? (
          <p className="verdict-unit">
            <UnitText unit={verdict.unit} />
          </p>
        ) : null}
        {verdict.next ? <p className="verdict-next">{verdict.next}</p> : null}
      </div>
    </>
  );
}

function Instructions({ verdict }: { verdict: VerdictData }) {
  if (!verdict.instructions?.length) return null;
  return (
    <ul className="verdict-instructions" aria-label={text.floor.instructions}>
      {verdict.instructions.map((one) => (
        <li key={one.id}>
          {one.title ? <strong>{one.title}</strong> : null} {one.text}
        </li>
      ))}
    </ul>
  );
}

/** Keeps the keys to itself while it stands: nothing behind it can be pressed by mistake. */
function Deliberate({
  verdict,
  waiting,
  dismiss,
  acknowledge,
  choose,
  answer,
  drop,
}: VerdictProps & { verdict: VerdictData }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const { substitutes = [], answers = [] } = verdict;

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      dismiss();
      return;
    }
    if (event.key !== 'Tab') return;
    const all = [...(box.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const edge = event.shiftKey ? all.at(0) : all.at(-1);
    if (document.activeElement !== edge && document.activeElement !== box.current) return;
    event.preventDefault();
    (event.shiftKey ? all.at(-1) : all.at(0))?.focus();
  };

  return (
    <div
      ref={box}
      className={`floor-verdict verdict-full verdict-${verdict.verdict}`}
      data-testid="verdict"
      data-verdict={verdict.verdict}
      role="alertdialog"
      aria-modal="true"
      aria-label={text.floor.words[verdict.verdict]}
      aria-describedby="verdict-message"
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <Said verdict={verdict} />
      <Instructions verdict={verdict} />
      {substitutes.length > 0 ? (
        <div className="verdict-choices">
          <p className="strong">{text.floor.substitutes}</p>
          <ol>
            {substitutes.map((one, index) => (
              <li key={`${one.item} ${index}`}>
                {verdict.choose ? (
                  <button type="button" className="verdict-choice" onClick={() => choose(one)}>
                    <SubstituteText one={one} n={index + 1} />
                  </button>
                ) : (
                  <span className="verdict-choice">
                    <SubstituteText one={one} n={index + 1} />
                  </span>
                )}
              </li>
            ))}
          </ol>
        </div>
      ) : null}
      <div className="verdict-actions">
        {verdict.acknowledge ? (
          <Button size="lg" variant="white" color="dark" onClick={acknowledge}>
            {text.floor.acknowledge}
          </Button>
        ) : null}
        {answers.map((one, index) => (
          <Button key={one.label} size="lg" variant="white" color="dark" onClick={() => answer(index)}>
            {one.label}
          </Button>
        ))}
        <Button size="lg" variant="white" color="dark" onClick={dismiss}>
          {verdict.acknowledge || answers.length > 0 ? text.cancel : text.floor.understood}
        </Button>
      </div>
      {waiting > 0 ? (
        <p className="verdict-waiting" role="status">
          {text.floor.waitingBehind(waiting)}{' '}
          <button type="button" className="verdict-link" onClick={drop}>
            {text.floor.dropWaiting}
          </button>
        </p>
      ) : null}
      <p className="verdict-keys">{text.floor.keys(verdict.acknowledge !== undefined || answers.length > 0)}</p>
    </div>
  );
}

function SubstituteText({ one, n }: { one: Substitute; n: number }) {
  return (
    <>
      <span className="verdict-number">{n}</span> <strong>{one.unit ? <UnitText unit={one.unit} /> : one.item}</strong>{' '}
      {one.place ? <span>{text.floor.at(one.place)}</span> : null}{' '}
      {one.quantity ? <span>{quantityText(one.quantity)}</span> : null}{' '}
      {one.expires ? (
        <span>
          {text.floor.expires} <Time at={one.expires} />
        </span>
      ) : null}
    </>
  );
}
