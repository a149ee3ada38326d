/** The queue of work as screens see it. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { isReached, onReach } from '~/api/reach';
import type { QueuedWork } from './queue-rules';
import type { WorkQueue } from './work-queue';
import { sendWork, workQueue } from './work';

const NONE: QueuedWork[] = [];
const never = (): (() => void) => () => undefined;

export type Work = {
  /** all that is kept on this computer, oldest first */
  works: QueuedWork[];
  waiting: QueuedWork[];
  refused: QueuedWork[];
  send: typeof sendWork;
  queue: WorkQueue | null;
};

export function useWork(): Work {
  const [queue, setQueue] = useState<WorkQueue | null>(null);
  useEffect(() => {
    let left = false;
    void workQueue.then((opened) => {
      if (!left) setQueue(opened);
    });
    return () => {
      left = true;
    };
  }, []);
  const works = useSyncExternalStore(queue?.subscribe ?? never, queue?.snapshot ?? (() => NONE));
  return {
    works,
    waiting: works.filter((work) => work.state === 'waiting' || work.state === 'sending'),
    refused: works.filter((work) => work.state === 'refused'),
    send: sendWork,
    queue,
  };
}

/** Whether the server answers. */
export const useOnline = (): boolean => useSyncExternalStore(onReach, isReached);
