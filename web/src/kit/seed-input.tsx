/** Takes units by scan, by typing, or as a pasted list that is checked before it is used. */
import { Button, TextInput } from '@mantine/core';
import { IconScan } from '@tabler/icons-react';
import { useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { api } from '~/api/client';
import type { ScanMatch } from '~/api/types';
import { text } from '~/text';
import { cleanScan, showScan, useScanField } from './keyboard';
import { linesOf, ListCheck, type Found } from './list-check';
import { errorText } from './page';

type Answer = { code: string; message: string | null; choices: ScanMatch[] };

export function SeedInput({ onAdd, has }: { onAdd: (units: Found[]) => void; has: (id: string) => boolean }) {
  const [typed, setTyped] = useState('');
  const [list, setList] = useState<string[] | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [busy, setBusy] = useState(false);

  const take = (match: ScanMatch): void => {
    if (!match.id || !match.unit) return;
    setTyped('');
    if (has(match.id)) {
      setAnswer({ code: match.label, message: text.seed.already(match.label), choices: [] });
      return;
    }
    setAnswer(null);
    onAdd([{ id: match.id, unit: match.unit }]);
  };

  const look = async (raw: string): Promise<void> => {
    const code = cleanScan(raw);
    if (code === '') return;
    setBusy(true);
    setTyped(showScan(code));
    try {
      const { matches, near } = await api.scan(code);
      const units = matches.filter((match) => match.type === 'unit');
      const [only] = units;
      if (only && units.length === 1) take(only);
      else if (units.length > 1) setAnswer({ code, message: text.seed.several(units.length), choices: units });
      else {
        const nearUnits = near.filter((match) => match.type === 'unit');
        const message = matches.length > 0 ? text.seed.notUnit(showScan(code)) : text.seed.nothing(showScan(code));
        setAnswer({ code, message, choices: nearUnits });
      }
    } catch (error) {
      setAnswer({ code, message: errorText(error), choices: [] });
    } finally {
      setBusy(false);
    }
  };

  const field = useScanField((code) => void look(code));
  const onPaste = (event: ClipboardEvent): void => {
    const lines = linesOf(event.clipboardData.getData('text'));
    if (lines.length < 2) return;
    event.preventDefault();
    setAnswer(null);
    setList(lines);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter adds this unit; it must not send the form around it.
    if (event.key !== 'Enter') return;
    event.preventDefault();
    void look(typed.replaceAll('␝', '\u001d'));
  };

  if (list) {
    return (
      <ListCheck
        lines={list}
        useLabel={text.list.add}
        onUse={(units) => {
          onAdd(units);
          setList(null);
        }}
        onCancel={() => setList(null)}
      />
    );
  }
  return (
    <div className="seed-input" ref={field as React.RefObject<HTMLDivElement | null>} data-scan-field>
      <div className="scan-form">
        <TextInput
          size="sm"
          label={text.seed.label}
          description={text.seed.hint}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onPaste={onPaste}
          onKeyDown={onKeyDown}
          leftSection={<IconScan size={16} aria-hidden />}
          autoComplete="off"
          spellCheck={false}
        />
        <Button variant="default" size="sm" loading={busy} onClick={() => void look(typed.replaceAll('␝', '\u001d'))}>
          {text.seed.add}
        </Button>
      </div>
      <div aria-live="polite">
        {answer?.message ? <p className="problem">{answer.message}</p> : null}
        {answer && answer.choices.length > 0 ? (
          <ul className="match-list">
            {answer.choices.map((match) => (
              <li key={match.id ?? match.key}>
                <button type="button" onClick={() => take(match)}>
                  <span>{match.label}</span>
                </button>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </div>
  );
}
