import { Button, Loader } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { ApiError } from '~/api/client';
import { text } from '~/text';
import { Glyph } from './marks';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Unitrail`;
  }, [title]);
}

export function PageHead({
  title,
  over,
  children,
  below,
}: {
  title: ReactNode;
  over?: ReactNode;
  children?: ReactNode;
  below?: ReactNode;
}) {
  return (
    <header className="page-head">
      <div className="page-head-row">
        <div className="page-head-title">
          {over ? <div className="over">{over}</div> : null}
          <h1>{title}</h1>
        </div>
        {children ? <div className="page-actions">{children}</div> : null}
      </div>
      {below}
    </header>
  );
}

export function Section({
  title,
  children,
  aside,
  id,
}: {
  title: string;
  children: ReactNode;
  aside?: ReactNode;
  id?: string;
}) {
  return (
    <section className="panel" id={id} aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** A thing to know before reading on. Red is only for what must be acted on now. */
export function Notice({
  tone,
  title,
  children,
  id,
}: {
  tone: 'act' | 'warn' | 'plain';
  title: ReactNode;
  children?: ReactNode;
  id?: string;
}) {
  return (
    <div className={`notice notice-${tone}`} role="note" data-testid={id}>
      <div className="notice-title">{title}</div>
      {children ? <div className="notice-body">{children}</div> : null}
    </div>
  );
}

/** Empty says why: none exist, filtered out, not permitted, or data missing. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children ? <div className="empty-why">{children}</div> : null}
    </div>
  );
}

export function Loading({ label = text.loading }: { label?: string }) {
  return (
    <div className="loading" role="status">
      <Loader size="xs" /> <span>{label}</span>
    </div>
  );
}

export function errorText(error: unknown): string {
  if (error instanceof ApiError && error.status === 403) return text.errors.forbidden;
  return error instanceof Error ? error.message : String(error);
}

export function ErrorBox({
  error,
  retry,
  title,
}: {
  error: unknown;
  retry?: (() => void) | undefined;
  title?: string;
}) {
  const status = error instanceof ApiError ? error.status : null;
  // Not permitted, and not kept any more: both are as they should be, and nothing has to be acted on.
  const calm = status === 403 ? text.errors.forbiddenTitle : status === 410 ? text.errors.goneTitle : null;
  return (
    <div className={`notice notice-${calm ? 'plain' : 'act'} error-box`} role="alert">
      <div className="notice-title">
        <Glyph shape={calm ? 'dash' : 'cross'} tone={calm ? 'quiet' : 'act'} /> {title ?? calm ?? text.errors.title}
      </div>
      <div className="notice-body">
        <p>{errorText(error)}</p>
        {error instanceof ApiError ? (
          <p className="dim small">
            {error.code}
            {typeof error.problem['instance'] === 'string'
              ? ` · ${text.errors.reference} ${error.problem['instance']}`
              : ''}
          </p>
        ) : null}
        {retry ? (
          <Button size="xs" variant="default" onClick={retry} mt="xs">
            {text.retry}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** Names and values, two columns that fold into one where it is narrow. */
export function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A save-as for an answer that was fetched with the session's cookie. */
export async function saveAs(response: Response, name: string): Promise<void> {
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
