/** The thread in which an index is built: millions of rows are read there while the worker goes on answering. */
import { parentPort, workerData } from 'node:worker_threads';
import { Client } from 'pg';
import { APP_ROLE } from '@/platform/db';
import { buffersOf } from './base';
import { IndexTooLarge, loadBase } from './load-base';

export interface BuildTask {
  url: string;
  position: number;
  bytesMax: number;
}

export type BuildFailure = { failure: 'too-large' | 'error'; message: string };

async function build({ url, position, bytesMax }: BuildTask): Promise<void> {
  const client = new Client({ connectionString: url, options: `-c role=${APP_ROLE}` });
  await client.connect();
  try {
    const base = await loadBase(client, { position, bytesMax });
    parentPort!.postMessage({ base }, buffersOf(base));
  } finally {
    await client.end();
  }
}

build(workerData as BuildTask).catch((error: Error) => {
  const failure: BuildFailure = {
    failure: error instanceof IndexTooLarge ? 'too-large' : 'error',
    message: error.message,
  };
  parentPort!.postMessage(failure);
});
