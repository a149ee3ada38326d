/** The proof that the record is whole: calls and shapes. */
import { queryOptions } from '@tanstack/react-query';
import { get, write } from './client';

export type Finding = {
  kind: string;
  table: string | null;
  id: string | null;
  name: string | null;
  position: number | null;
  recordedAt: string | null;
  actor: string | null;
  message: string;
};
export type IntegrityRun = {
  id: string;
  status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  createdAt: string;
  createdBy: string;
  finishedAt: string | null;
  progress: { stage: string | null; done: number; total: number | null } | null;
  rows: number | null;
  ledgerPosition: number | null;
  ok: boolean | null;
  findingCount: number | null;
  findings: Finding[];
  error: { code: string; message: string } | null;
};
type Integrity = {
  root: {
    position: number;
    ledgerHash: string;
    auditPosition: number;
    auditHash: string;
    sealedAt: string | null;
  };
  pending: { batches: number; lines: number };
  open: IntegrityRun | null;
  last: IntegrityRun | null;
};

const LOOK_AGAIN_MS = 1_000;

/** Read again and again while a verification runs. */
export const integrityQuery = queryOptions({
  queryKey: ['integrity'],
  queryFn: ({ signal }) => get<Integrity>('/integrity', {}, signal),
  refetchInterval: (query) => (query.state.data?.open ? LOOK_AGAIN_MS : false),
});

export const startVerification = () => write<IntegrityRun>('POST', '/integrity/verifications', {});
