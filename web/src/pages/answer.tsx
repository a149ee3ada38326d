/** Where a consignee says what it has: opened from a link in a notice, without an account, on whatever phone is at hand. */
import { Button, FileButton, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { amounts, type AnswerLine, answersApi, type Amount, type Rest, type Said } from '~/api/answers';
import { ApiError } from '~/api/client';
import { newId } from '~/floor/work';
import { type AnswerWords, answerWords } from '~/text/answer';
import './answer.css';

const route = getRouteApi('/answer/$token');
type Typed = Record<string, Partial<Said>>;
const NUMBER = /^\d+([.,]\d+)?$/;

export function AnswerPage() {
  const { token } = route.useParams();
  const query = useInfiniteQuery({
    queryKey: ['answer', token],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => answersApi.page(token, pageParam, signal),
    getNextPageParam: (last) => last.nextCursor,
    retry: false,
  });
  const page = query.data?.pages[0];
  const words = answerWords(page?.language);
  useEffect(() => {
    document.title = words.title;
    document.documentElement.lang = page?.language ?? 'en';
    return () => {
      document.documentElement.lang = 'en';
    };
  }, [words, page?.language]);

  if (query.error)
    return (
      <main className="answer">
        <h1>{words.gone}</h1>
        <p role="alert">
          {query.error instanceof ApiError && query.error.status === 429
            ? words.tooMany
            : query.error instanceof ApiError && query.error.status === 404
              ? words.goneWhy
              : words.failed}
        </p>
      </main>
    );
  if (!page)
    return (
      <main className="answer">
        <p role="status">{words.loading}</p>
      </main>
    );
  const { contact } = page;
  return (
    <main className="answer">
      <p className="dim">{words.over(page.recall)}</p>
      <h1>{page.product}</h1>
      <p>{words.to(page.consignee)}</p>
      <About title={words.why} text={page.reason} />
      <About title={words.hazard} text={page.hazard} />
      <About title={words.doWhat} text={page.doWhat} />
      {contact.phone || contact.email ? (
        <>
          <h2>{words.questions}</h2>
          <p>
            {contact.name}{' '}
            {contact.phone ? <a href={`tel:${contact.phone.replace(/\s/g, '')}`}>{contact.phone}</a> : null}{' '}
            {contact.email ? <a href={`mailto:${contact.email}`}>{contact.email}</a> : null}
          </p>
        </>
      ) : null}
      <AnswerForm
        token={token}
        words={words}
        lines={(query.data?.pages ?? []).flatMap((one) => one.data)}
        more={query.hasNextPage ? () => void query.fetchNextPage() : null}
        reload={() => void query.refetch()}
      />
      <Files
        token={token}
        words={words}
        files={page.files.map((file) => file.name)}
        reload={() => void query.refetch()}
      />
    </main>
  );
}

function About({ title, text }: { title: string; text: string }) {
  if (text === '') return null;
  return (
    <>
      <h2>{title}</h2>
      <p>{text}</p>
    </>
  );
}

function AnswerForm({
  token,
  words,
  lines,
  more,
  reload,
}: {
  token: string;
  words: AnswerWords;
  lines: AnswerLine[];
  more: (() => void) | null;
  reload: () => void;
}) {
  const [id, setId] = useState(newId);
  const [name, setName] = useState('');
  const [rest, setRest] = useState<Rest | ''>('');
  const [typed, setTyped] = useState<Typed>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [thanks, setThanks] = useState<string | null>(null);
  const [checked, setChecked] = useState(false);

  const put = (line: string, amount: Amount, value: string): void =>
    setTyped((before) => ({ ...before, [line]: { ...before[line], [amount]: value } }));
  const wrong = (value: string | undefined): boolean =>
    value !== undefined && value.trim() !== '' && !NUMBER.test(value.trim());
  const said = (): ({ line: string } & Partial<Said>)[] =>
    lines
      .filter(({ line }) => typed[line] !== undefined)
      .map(({ line, answer }) => ({ line, ...amountsOf(answer, typed[line]) }));

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setChecked(true);
    setThanks(null);
    const values = Object.values(typed).flatMap((one) => Object.values(one));
    if (name.trim() === '') return setProblem(words.nameNeeded);
    if (values.some(wrong)) return setProblem(words.number);
    if (said().length === 0 && rest === '') return setProblem(words.empty);
    setBusy(true);
    setProblem(null);
    try {
      const done = await answersApi.answer(token, {
        id,
        name: name.trim(),
        lines: said(),
        ...(rest === '' ? {} : { rest }),
      });
      setThanks(words.thanks(done.answered, done.lines));
      // What was sent is sent; whatever is sent next is another answer.
      setId(newId());
      setTyped({});
      setRest('');
      setChecked(false);
      reload();
    } catch (cause) {
      setProblem(cause instanceof ApiError && cause.status === 429 ? words.tooMany : words.failed);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <h2>{words.have}</h2>
      <p>{words.haveWhy}</p>
      <NativeSelect
        size="md"
        mb="sm"
        label={words.all}
        value={rest}
        onChange={(event) => setRest(event.currentTarget.value as Rest | '')}
        data={Object.entries(words.rest).map(([value, label]) => ({ value, label }))}
      />
      {lines.map((line) => (
        <fieldset key={line.line} className="answer-line">
          <legend>
            {line.name} · {line.code}
          </legend>
          <p className="dim">
            {[
              line.quantity ? words.delivered(`${line.quantity.value} ${line.quantity.uom}`) : null,
              line.inside ? words.inside(line.inside) : null,
              line.documents.length > 0 ? words.documents(line.documents.join(', ')) : null,
              line.answer ? words.answered : null,
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          <div className="answer-amounts">
            {amounts.map((amount) => {
              const value = typed[line.line]?.[amount];
              return (
                <TextInput
                  key={amount}
                  size="md"
                  label={`${words.amount[amount]} (${line.uom})`}
                  inputMode="decimal"
                  autoComplete="off"
                  value={value ?? line.answer?.[amount] ?? ''}
                  onChange={(event) => put(line.line, amount, event.currentTarget.value)}
                  error={checked && wrong(value) ? words.number : null}
                />
              );
            })}
          </div>
        </fieldset>
      ))}
      {more ? (
        <p>
          <Button variant="default" size="md" onClick={more}>
            {words.more}
          </Button>
        </p>
      ) : null}
      <TextInput
        size="md"
        mt="sm"
        mb="sm"
        label={words.name}
        autoComplete="name"
        required
        withAsterisk={false}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={checked && name.trim() === '' ? words.nameNeeded : null}
      />
      <p role="alert" className={problem ? 'notice notice-act' : ''}>
        {problem}
      </p>
      <p role="status" className={thanks ? 'notice' : ''}>
        {thanks ? `${thanks} ${words.change}` : null}
      </p>
      <Button type="submit" size="md" loading={busy}>
        {words.send}
      </Button>
    </form>
  );
}

/** What is typed over what was answered before, with points for commas. */
function amountsOf(before: Said | null, now: Partial<Said> | undefined): Partial<Said> {
  return Object.fromEntries(
    amounts.map((amount) => [amount, (now?.[amount] ?? before?.[amount] ?? '').trim().replace(',', '.')]),
  );
}

function Files({
  token,
  words,
  files,
  reload,
}: {
  token: string;
  words: AnswerWords;
  files: string[];
  reload: () => void;
}) {
  const [told, setTold] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const add = async (file: File | null): Promise<void> => {
    if (!file) return;
    setTold(null);
    setFailed(false);
    try {
      await answersApi.file(token, file);
      setTold(words.fileSent(file.name));
      reload();
    } catch {
      setFailed(true);
    }
  };
  return (
    <section aria-label={words.files}>
      <h2>{words.files}</h2>
      <p>{words.filesWhy}</p>
      {files.length > 0 ? (
        <ul className="answer-files">
          {files.map((name, i) => (
            <li key={`${i}${name}`}>{name}</li>
          ))}
        </ul>
      ) : null}
      <FileButton onChange={(file) => void add(file)} accept=".pdf,.png,.jpg,.jpeg,.csv,.txt">
        {(props) => (
          <Button {...props} variant="default" size="md">
            {words.addFile}
          </Button>
        )}
      </FileButton>
      <p role="status">{told}</p>
      <p role="alert">{failed ? words.fileFailed : null}</p>
    </section>
  );
}
