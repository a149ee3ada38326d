/** Scan anything: one match opens, several ask, none says what was tried. */
import { Button, Modal, TextInput } from '@mantine/core';
import { IconScan } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useState, type ClipboardEvent, type FormEvent, type RefObject } from 'react';
import { api } from '~/api/client';
import type { ScanAnswer, ScanMatch } from '~/api/types';
import { cleanScan, GS, showScan, useScanField } from '~/kit/keyboard';
import { Instructions } from '~/kit/instructions';
import { linesOf, ListCheck } from '~/kit/list-check';
import { ErrorBox, Loading } from '~/kit/page';
import { text } from '~/text';

function ScanRead({ answer, code }: { answer: ScanAnswer; code: string }) {
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

function MatchWords({ match }: { match: ScanMatch }) {
  return (
    <>
      <span className="match-type">{text.scan.types[match.type] ?? match.type}</span>
      <span>{match.label}</span>
      {match.via && match.via !== 'code' && match.via !== 'near' ? (
        <span className="dim">{text.scan.via(match.via)}</span>
      ) : null}
    </>
  );
}

function Matches({ matches, open, label }: { matches: ScanMatch[]; open: (match: ScanMatch) => void; label: string }) {
  return (
    <ul className="match-list" aria-label={label}>
      {matches.map((match) => (
        <li key={`${match.type} ${match.id ?? match.key}`}>
          <button type="button" className="match-row" onClick={() => open(match)}>
            <MatchWords match={match} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Mounted anew for each opening and each scan, so that nothing of the last one is left. */
function ScanBody({ first, onClose }: { first: string | null; onClose: () => void }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(first ? showScan(first) : '');
  const [asked, setAsked] = useState<{ code: string; n: number } | null>(first ? { code: first, n: 0 } : null);
  const [list, setList] = useState<string[] | null>(null);
  // A query by number: the same code scanned again is asked again, and only the last one asked is shown.
  const query = useQuery({
    queryKey: ['scan', asked?.code, asked?.n],
    queryFn: () => api.scan(asked?.code ?? ''),
    enabled: asked !== null,
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  const answer = query.data;

  const open = useCallback(
    (match: ScanMatch): void => {
      onClose();
      if (match.type === 'unit') void navigate({ to: '/units/$unit', params: { unit: match.id ?? match.key } });
      else if (match.type === 'item') void navigate({ to: '/items/$item', params: { item: match.key } });
      else if (match.type === 'place') void navigate({ to: '/places', search: { q: match.key } });
      else if (match.type === 'partner') void navigate({ to: '/partners', search: { q: match.key } });
      else if (match.type === 'document') void navigate({ to: '/documents/$number', params: { number: match.key } });
      else void navigate({ to: '/search', search: { q: match.key } });
    },
    [navigate, onClose],
  );
  useEffect(() => {
    const [only] = answer?.matches ?? [];
    if (only && answer?.matches.length === 1) open(only);
  }, [answer, open]);

  const scan = (raw: string): void => {
    const code = cleanScan(raw);
    if (code === '') return;
    setList(null);
    setTyped(showScan(code));
    setAsked((was) => ({ code, n: (was?.n ?? 0) + 1 }));
  };
  const field = useScanField(scan);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    scan(typed.replaceAll('␝', GS));
  };
  const onPaste = (event: ClipboardEvent): void => {
    const lines = linesOf(event.clipboardData.getData('text'));
    if (lines.length < 2) return;
    event.preventDefault();
    setList(lines);
  };

  return (
    <>
      <form onSubmit={onSubmit} className="scan-form" ref={field as RefObject<HTMLFormElement | null>} data-scan-field>
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
        <Button type="submit" size="sm" loading={query.isFetching}>
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
        {query.isFetching ? <Loading label={text.scan.looking} /> : null}
        {query.error ? <ErrorBox error={query.error} /> : null}
        {answer && asked && !list ? (
          <>
            <ScanResult answer={answer} code={asked.code} open={open} />
            <p>
              <Link to="/search" search={{ q: asked.code.replaceAll(GS, ' ') }} onClick={onClose}>
                {text.recordsMore.search.all}
              </Link>
            </p>
          </>
        ) : null}
      </div>
    </>
  );
}

function ScanResult({ answer, code, open }: { answer: ScanAnswer; code: string; open: (match: ScanMatch) => void }) {
  const { matches, near, tried } = answer;
  if (matches.length > 0) {
    const label = matches.length > 1 ? text.scan.several(matches.length) : text.scan.found;
    return (
      <>
        <ScanRead answer={answer} code={code} />
        <Instructions list={answer.instructions ?? []} />
        <p className="strong">{label}</p>
        <Matches matches={matches} open={open} label={label} />
      </>
    );
  }
  return (
    <>
      <ScanRead answer={answer} code={code} />
      <p className="strong">{text.scan.nothing}</p>
      {tried.length > 0 ? (
        <>
          <p>{text.scan.tried}</p>
          <ul className="tried">
            {tried.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      ) : null}
      {near.length > 0 ? (
        <>
          <p className="strong">{text.scan.near}</p>
          <Matches matches={near} open={open} label={text.scan.near} />
        </>
      ) : (
        <p className="dim">{text.scan.noNear}</p>
      )}
    </>
  );
}

export type ScanRequest = { open: boolean; code: string | null; n: number };

export function ScanDialog({ request, onClose }: { request: ScanRequest; onClose: () => void }) {
  return (
    <Modal
      opened={request.open}
      onClose={onClose}
      title={text.scan.button}
      size="lg"
      closeButtonProps={{ 'aria-label': text.close }}
      transitionProps={{ duration: 0 }}
    >
      <ScanBody key={request.n} first={request.code} onClose={onClose} />
    </Modal>
  );
}
