/**
 * Scans of a page at work: each handled once, one after the other, wherever the focus is. A verdict that must be answered
 * holds the ones behind it until a person has dealt with it.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { ApiError } from '~/api/client';
import { cleanScan } from '~/kit/keyboard';
import { text } from '~/text';
import { InOrder } from './in-order';
import { leaveScans, takeScans } from './scan-takers';
import { sound } from './tone';
import { mustBeAnswered, type Substitute, type VerdictData } from './types';

export type Done = { n: number; code: string; at: number; verdict: VerdictData | null };
export type OnScan = (code: string) => Promise<VerdictData | null | void> | VerdictData | null | void;
type Next = () => Promise<VerdictData | null | void> | VerdictData | null | void;

export type Scans = {
  verdict: VerdictData | null;
  /** scanned, and not yet come to */
  waiting: number;
  busy: boolean;
  /** the last ones, newest first */
  last: Done[];
  /** as the scanner would */
  scan: (code: string) => void;
  /** shows a verdict that no scan asked for */
  show: (verdict: VerdictData | null) => void;
  dismiss: () => void;
  acknowledge: () => void;
  choose: (substitute: Substitute) => void;
  answer: (index: number) => void;
  /** forgets what waits behind a verdict */
  drop: () => void;
};

const LAST_MAX = 30;
/** Printed codes that stand for a key, for hands that hold a scanner. */
const COMMAND = /^CMD:(OK|CANCEL|\d)$/i;

/** What went wrong, as a verdict: refused is stop, out of reach is warn. */
export function verdictOf(error: unknown): VerdictData {
  if (error instanceof ApiError && error.status === 0)
    return { verdict: 'warn', code: error.code, message: error.message, next: text.floor.tryAgain };
  if (error instanceof ApiError) return { verdict: 'stop', code: error.code, message: error.message };
  return { verdict: 'stop', message: error instanceof Error ? error.message : String(error) };
}

export function useScans(onScan: OnScan): Scans {
  const [verdict, setVerdict] = useState<VerdictData | null>(null);
  const [waiting, setWaiting] = useState(0);
  const [busy, setBusy] = useState(false);
  const [last, setLast] = useState<Done[]>([]);
  const [drawn, setDrawn] = useState(0);
  const handler = useRef(onScan);
  const shown = useRef<VerdictData | null>(null);
  /** waits until the screen stands as the last scan left it: the next one is judged by what it changed */
  const onDrawn = useRef<(() => void) | null>(null);
  const onAnswered = useRef<(() => void) | null>(null);
  const count = useRef(0);
  const queue = useRef<InOrder<string> | null>(null);

  useLayoutEffect(() => {
    handler.current = onScan;
  });
  useLayoutEffect(() => {
    onDrawn.current?.();
    onDrawn.current = null;
  }, [drawn]);

  const put = useCallback((next: VerdictData | null): void => {
    shown.current = next;
    setVerdict(next);
    if (next) sound(next.verdict);
    if (!next || !mustBeAnswered(next)) {
      onAnswered.current?.();
      onAnswered.current = null;
    }
  }, []);

  /** Does the next thing and shows what it says; what it throws is a verdict too. */
  const go = useCallback(
    async (next: Next): Promise<VerdictData | null> => {
      setBusy(true);
      let result: VerdictData | null;
      try {
        result = (await next()) ?? null;
      } catch (error) {
        result = verdictOf(error);
      }
      setBusy(false);
      put(result);
      return result;
    },
    [put],
  );

  useEffect(() => {
    const own = new InOrder<string>(async (code) => {
      const result = await go(() => handler.current(code));
      const n = ++count.current;
      setLast((was) => [{ n, code, at: Date.now(), verdict: result }, ...was].slice(0, LAST_MAX));
      if (result && mustBeAnswered(result))
        await new Promise<void>((resolve) => {
          onAnswered.current = resolve;
        });
      await new Promise<void>((resolve) => {
        onDrawn.current = resolve;
        setDrawn((was) => was + 1);
      });
    }, setWaiting);
    queue.current = own;
    return () => {
      leaveScans(own.stop());
      onAnswered.current?.();
      onDrawn.current?.();
    };
  }, [go]);

  const dismiss = useCallback(() => put(null), [put]);
  const acknowledge = useCallback((): void => {
    const now = shown.current;
    const ids = (now?.instructions ?? []).filter((one) => one.acknowledge).map((one) => one.id);
    if (now?.acknowledge) void go(() => now.acknowledge?.(ids));
    else put(null);
  }, [go, put]);
  const choose = useCallback(
    (substitute: Substitute): void => {
      const now = shown.current;
      if (now?.choose) void go(() => now.choose?.(substitute));
    },
    [go],
  );
  const answer = useCallback(
    (index: number): void => {
      const chosen = shown.current?.answers?.[index];
      if (chosen) void go(chosen.act);
    },
    [go],
  );

  const command = useCallback(
    (word: string): void => {
      const now = shown.current;
      if (!now) return;
      if (word === 'CANCEL') dismiss();
      else if (word === 'OK') {
        if (now.acknowledge) acknowledge();
        else if (now.answers?.length) answer(0);
        else dismiss();
      } else {
        const substitute = now.substitutes?.[Number(word) - 1];
        if (now.choose && substitute) choose(substitute);
        else answer(Number(word) - 1);
      }
    },
    [acknowledge, answer, choose, dismiss],
  );

  const scan = useCallback(
    (raw: string): void => {
      const code = cleanScan(raw);
      if (code === '') return;
      const said = COMMAND.exec(code)?.[1];
      if (said) command(said.toUpperCase());
      else queue.current?.push(code);
    },
    [command],
  );
  useEffect(() => takeScans(scan), [scan]);

  const drop = useCallback(() => void queue.current?.drop(), []);
  return { verdict, waiting, busy, last, scan, show: put, dismiss, acknowledge, choose, answer, drop };
}
