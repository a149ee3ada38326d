import { text } from '~/text';
import type { VerdictData } from './types';

/** What was done without a connection: kept, and sent later. Whether it is right is known then. */
export const queuedVerdict = (what: string): VerdictData => ({
  verdict: 'warn',
  message: `${what} · ${text.floor.queued}`,
  next: text.floor.queuedNext,
});
