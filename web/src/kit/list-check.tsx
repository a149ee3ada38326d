/** A pasted list says what was matched, what was not and what is there twice, before anything is done with it. */
import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { api } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { ScanMatch, UnitRef } from '~/api/types';
import { text } from '~/text';
import { count } from './amount';
import { cleanScan, showScan } from './keyboard';
import { Glyph } from './marks';
import { errorText, Loading } from './page';
import { UnitText } from './unit';

const AT_ONCE = 4;

export type Found = { id: string; unit: UnitRef };
type Row = { line: string; matches: ScanMatch[]; chosen: string | null; failed?: string };

/** One code a line, or several a line parted by tabs, commas or semicolons, as spreadsheets and mails have them. */
export function linesOf(pasted: string): string[] {
  return pasted
    .split(/[\r\n\t;,]+/)
    .map(cleanScan)
    .filter((line) => line !== '');
}

async function look(line: string): Promise<Row> {
  try {
    const answer = await api.scan(line);
    const matches = answer.matches.filter(
      (match) => match.type === 'unit' && match.id !== undefined && match.unit !== undefined,
    );
    for (const match of matches) queryClient.setQueryData(['unit-ref', match.id], { id: match.id, unit: match.unit });
    return { line, matches, chosen: matches.length === 1 ? (matches[0]?.id ?? null) : null };
  } catch (error) {
    return { line, matches: [], chosen: null, failed: errorText(error) };
  }
}

type Verdict = 'matched' | 'unmatched' | 'duplicate' | 'several';

export function judge(rows: Row[]): Verdict[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    if (row.matches.length === 0)
      return seen.has(`text ${row.line}`) ? 'duplicate' : (seen.add(`text ${row.line}`), 'unmatched');
    if (row.chosen === null) return 'several';
    if (seen.has(row.chosen)) return 'duplicate';
    seen.add(row.chosen);
    return 'matched';
  });
}

const shapes = {
  matched: ['check', 'ok'],
  unmatched: ['triangle', 'warn'],
  duplicate: ['dash', 'quiet'],
  several: ['half', 'possible'],
} as const;

type Props = {
  lines: string[];
  useLabel: (units: number) => string;
  onUse: (units: Found[]) => void;
  onCancel: () => void;
};

export function ListCheck({ lines, useLabel, onUse, onCancel }: Props) {
  const [rows, setRows] = useState<(Row | undefined)[]>([]);
  useEffect(() => {
    let stopped = false;
    const found: (Row | undefined)[] = lines.map(() => undefined);
    let at = 0;
    const work = async (): Promise<void> => {
      while (!stopped && at < lines.length) {
        const index = at;
        at += 1;
        found[index] = await look(lines[index] ?? '');
        if (!stopped) setRows([...found]);
      }
    };
    void Promise.all(Array.from({ length: AT_ONCE }, work));
    return () => {
      stopped = true;
    };
  }, [lines]);

  const known = rows.filter((row): row is Row => row !== undefined);
  const done = known.length === lines.length;
  const verdicts = judge(known);
  const tally = (verdict: Verdict): number => verdicts.filter((one) => one === verdict).length;
  const units = known.flatMap((row, index) => {
    const match = row.matches.find((one) => one.id === row.chosen);
    return verdicts[index] === 'matched' && match?.id && match.unit ? [{ id: match.id, unit: match.unit }] : [];
  });

  return (
    <div className="list-check" data-testid="list-check">
      {done ? null : <Loading label={text.list.checking(count(known.length), count(lines.length))} />}
      <p className="strong" role="status">
        {text.list.verdict(tally('matched'), tally('unmatched'), tally('duplicate'), tally('several'))}
      </p>
      <ol className="list-rows">
        {known.map((row, index) => {
          const verdict = verdicts[index] ?? 'unmatched';
          const [shape, tone] = shapes[verdict];
          const match = row.matches.find((one) => one.id === row.chosen);
          return (
            <li key={`${index} ${row.line}`}>
              <Glyph shape={shape} tone={tone} /> <span className="verdict">{text.list.words[verdict]}</span>
              <span className="code">{showScan(row.line)}</span>
              {match?.unit ? (
                <span className="dim">
                  <UnitText unit={match.unit} />
                </span>
              ) : null}
              {row.failed ? <span className="dim">{row.failed}</span> : null}
              {verdict === 'several' || (row.matches.length > 1 && row.chosen) ? (
                <NativeSelect
                  aria-label={text.list.choose(row.line)}
                  value={row.chosen ?? ''}
                  data={[
                    { value: '', label: text.list.chooseOne },
                    ...row.matches.map((one) => ({ value: one.id ?? '', label: one.label })),
                  ]}
                  onChange={(event) => {
                    const chosen = event.currentTarget.value || null;
                    setRows((was) => was.map((one) => (one === row ? { ...row, chosen } : one)));
                  }}
                />
              ) : null}
            </li>
          );
        })}
      </ol>
      <div className="row-actions">
        <Button disabled={!done || units.length === 0} onClick={() => onUse(units)}>
          {useLabel(units.length)}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {text.cancel}
        </Button>
      </div>
    </div>
  );
}
