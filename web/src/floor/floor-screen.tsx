/** The screen of one work: what to scan next, the verdict, what was scanned, and what waits to be sent. */
import { Button, TextInput } from '@mantine/core';
import { IconArrowLeft, IconScan } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { GS, showScan } from '~/kit/keyboard';
import { Glyph } from '~/kit/marks';
import { useTitle } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { keepShell } from './offline-shell';
import type { Done, Scans } from './use-scans';
import { Verdict } from './verdict';
import './floor.css';

type FloorScreenProps = {
  title: string;
  scans: Scans;
  /** what to scan now */
  prompt: string;
  /** beside the title */
  actions?: ReactNode;
  /** the work itself: what is known so far */
  children?: ReactNode;
  /** the list of works has none above it */
  top?: boolean;
};

export function FloorScreen({ title, scans, prompt, actions, children, top }: FloorScreenProps) {
  useTitle(title);
  useEffect(keepShell, []);
  return (
    <div className="floor">
      <header className="floor-head">
        {top ? null : (
          <Link to="/floor" className="floor-back" aria-label={text.floor.back}>
            <IconArrowLeft size={22} aria-hidden />
          </Link>
        )}
        <h1>{title}</h1>
        {actions ? <div className="page-actions">{actions}</div> : null}
      </header>
      <ScanField prompt={prompt} scans={scans} />
      <Verdict {...scans} />
      {children}
      <LastScans last={scans.last} />
    </div>
  );
}

/** What a person types where no scanner can read it. Wedge scans do not need the focus to be here. */
export function ScanField({ prompt, scans }: { prompt: string; scans: Pick<Scans, 'scan' | 'busy' | 'waiting'> }) {
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // Fingers on glass would get a keyboard on the screen: only where there is a real one.
  useEffect(() => {
    if (window.matchMedia('(hover: hover)').matches) field.current?.focus();
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    scans.scan(typed.replaceAll('␝', GS));
    setTyped('');
  };
  return (
    <form className="scan-form floor-scan" onSubmit={submit}>
      <TextInput
        ref={field}
        size="lg"
        label={prompt}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        leftSection={<IconScan size={22} aria-hidden />}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Button type="submit" size="lg" loading={scans.busy}>
        {scans.waiting > 0 ? text.floor.enterWaiting(scans.waiting) : text.floor.enter}
      </Button>
    </form>
  );
}

const glyphs = {
  ok: ['check', 'ok'],
  warn: ['triangle', 'warn'],
  stop: ['hand', 'act'],
  ask: ['diamond', 'work'],
} as const;

function LastScans({ last }: { last: Done[] }) {
  if (last.length === 0) return null;
  return (
    <section className="floor-last" aria-label={text.floor.last}>
      <h2>{text.floor.last}</h2>
      <ol data-testid="last-scans">
        {last.map((one) => {
          const [shape, tone] = one.verdict ? glyphs[one.verdict.verdict] : (['dash', 'quiet'] as const);
          return (
            <li key={one.n}>
              <span className="mark">
                <Glyph shape={shape} tone={tone} />
                <span>{one.verdict ? text.floor.words[one.verdict.verdict] : text.floor.taken}</span>
              </span>
              <span className="code">{showScan(one.code)}</span>
              <span className="floor-last-message">{one.verdict?.message}</span>
              <Time at={new Date(one.at).toISOString()} short />
            </li>
          );
        })}
      </ol>
    </section>
  );
}
