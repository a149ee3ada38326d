/** Scan anything: one match opens, several ask, none says what was tried. */
import { Button, Modal, TextInput } from '@mantine/core';
import { IconScan } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState, type ClipboardEvent, type FormEvent } from 'react';
import { api } from '~/api/client';
import type { ScanAnswer, ScanMatch } from '~/api/types';
import { cleanScan, showScan, useScanField } from '~/kit/keyboard';
import { linesOf, ListCheck } from '~/kit/list-check';
import { ErrorBox, Loading } from '~/kit/page';
import { text } from '~/text';

type State = { code: string; answer: ScanAnswer | null; error: unknown; busy: boolean };
const idle: State = { code: '', answer: null, error: null, busy: false };

export function ScanRead({ answer, code }: { answer: ScanAnswer; code: string }) {
  const parts = Object.entries(answer.read.parts ?? {}).filter(([, value]) => value);
  return (
    <p className="scan-read">
      <span className="dim">{text.scan.readAs[answer.read.as] ?? answer.read.as}:</span>{' '}
      {parts.length > 0 ? (
        parts.map(([name, value]) => (
          <span key={name} className="scan-part">
            {text.scan.parts[name] ?? name} <span className="code">{showScan(value)}</span>
          </span>
        ))
      ) : (
        <span className="code">{showScan(code)}</span>
      )}
      {answer.read.error ? <span className="problem">{answer.read.error}</span> : null}
    </p>
  );
}

function Matches({ matches, open, label }: { matches: ScanMatch[]; open: (match: ScanMatch) => void; label: string }) {
  return (
    <ul className="match-list" aria-label={label}>
      {matches.map((match) => (
        <li key={`${match.type} ${match.id ?? match.key}`}>
          <button type="button" onClick={() => open(match)}>
            <span className="match-type">{text.scan.types[match.type] ?? match.type}</span>
            <span>{match.label}</span>
            {match.via && match.via !== 'code' && match.via !== 'near' ? (
              <span className="dim">{text.scan.via(match.via)}</span>
            ) : null}
          </button>
        </li>
      ))}
    </ul>
  );
}

export function ScanDialog({ opened, code, onClose }: { opened: boolean; code: string | null; onClose: () => void }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [state, setState] = useState<State>(idle);
  const [list, setList] = useState<string[] | null>(null);
  const asked = useRef(0);

  const open = useCallback(
    (match: ScanMatch): void => {
      onClose();
      if (match.type === 'unit') void navigate({ to: '/units/$unit', params: { unit: match.id ?? match.key } });
      else if (match.type === 'item') void navigate({ to: '/items/$item', params: { item: match.key } });
      else if (match.type === 'place') void navigate({ to: '/places', search: { q: match.key } });
      else if (match.type === 'partner') void navigate({ to: '/partners', search: { q: match.key } });
    },
    [navigate, onClose],
  );

  const scan = useCallback(
    async (raw: string): Promise<void> => {
      const clean = cleanScan(raw);
      if (clean === '') return;
      asked.current += 1;
      const mine = asked.current;
      setTyped(showScan(clean));
      setState({ code: clean, answer: null, error: null, busy: true });
      try {
        const answer = await api.scan(clean);
        // A second scan may have overtaken the first: only the last one asked is shown.
        if (mine !== asked.current) return;
        setState({ code: clean, answer, error: null, busy: false });
        const [only] = answer.matches;
        if (only && answer.matches.length === 1 && only.type !== 'document') open(only);
      } catch (error) {
        if (mine === asked.current) setState({ code: clean, answer: null, error, busy: false });
      }
    },
    [open],
  );

  useEffect(() => {
    if (opened && code) void scan(code);
    if (!opened) {
      asked.current += 1;
      setTyped('');
      setState(idle);
      setList(null);
    }
  }, [opened, code, scan]);

  const field = useScanField((scanned) => void scan(scanned));
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void scan(typed.replaceAll('␝', '\u001d'));
  };
  const onPaste = (event: ClipboardEvent): void => {
    const lines = linesOf(event.clipboardData.getData('text'));
    if (lines.length < 2) return;
    event.preventDefault();
    setList(lines);
  };
  const { answer } = state;

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={text.scan.button}
      size="lg"
      closeButtonProps={{ 'aria-label': text.close }}
      transitionProps={{ duration: 0 }}
    >
      <form
        onSubmit={onSubmit}
        className="scan-form"
        ref={field as React.RefObject<HTMLFormElement | null>}
        data-scan-field
      >
        <TextInput
          data-autofocus
          size="md"
          label={text.scan.label}
          description={text.scan.hint}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onPaste={onPaste}
          leftSection={<IconScan size={18} aria-hidden />}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" size="sm" loading={state.busy}>
          {text.scan.find}
        </Button>
      </form>
      <div aria-live="polite">
        {list ? (
          <ListCheck
            lines={list}
            useLabel={text.scan.useAsSeeds}
            onUse={(units) => {
              onClose();
              void navigate({ to: '/traces/new', search: { seeds: units.map((unit) => ({ u: unit.id })) } });
            }}
            onCancel={() => setList(null)}
          />
        ) : null}
        {state.busy ? <Loading label={text.scan.looking} /> : null}
        {state.error ? <ErrorBox error={state.error} /> : null}
        {answer && !list ? (
          <>
            <ScanRead answer={answer} code={state.code} />
            {answer.matches.length > 1 ? (
              <>
                <p className="strong">{text.scan.several(answer.matches.length)}</p>
                <Matches matches={answer.matches} open={open} label={text.scan.several(answer.matches.length)} />
              </>
            ) : null}
            {answer.matches.length === 1 ? (
              <Matches matches={answer.matches} open={open} label={text.scan.found} />
            ) : null}
            {answer.matches.length === 0 ? (
              <>
                <p className="strong">{text.scan.nothing}</p>
                {answer.tried.length > 0 ? (
                  <>
                    <p>{text.scan.tried}</p>
                    <ul className="tried">
                      {answer.tried.map((one) => (
                        <li key={one}>{one}</li>
                      ))}
                    </ul>
                  </>
                ) : null}
                {answer.near.length > 0 ? (
                  <>
                    <p className="strong">{text.scan.near}</p>
                    <Matches matches={answer.near} open={open} label={text.scan.near} />
                  </>
                ) : (
                  <p className="dim">{text.scan.noNear}</p>
                )}
              </>
            ) : null}
          </>
        ) : null}
      </div>
    </Modal>
  );
}
