import { Progress as Bar } from '@mantine/core';
import type { Progress } from '~/api/types';
import { text } from '~/text';
import { count } from './amount';

/** Stage and counted progress; without a total it says how many, not a guess of how far. */
type ProgressProps = {
  label: string;
  progress: Progress | null;
  /** how many wait before it, where it waits */
  queue?: { ahead: number } | null | undefined;
};

export function ProgressLine({ label, progress, queue }: ProgressProps) {
  const stage = progress?.stage ? (text.stage[progress.stage] ?? progress.stage) : text.stage['waiting'];
  const known = progress !== null && progress.total !== null && progress.total > 0;
  const share = known ? Math.min(100, (100 * progress.done) / (progress.total ?? 1)) : 0;
  return (
    <div className="progress">
      <div className="progress-words" role="status">
        {stage}
        {progress && progress.done > 0
          ? ` · ${known ? text.ofTotal(count(progress.done), count(progress.total ?? 0)) : count(progress.done)}`
          : ''}
        {queue ? ` · ${text.jobs.ahead(queue.ahead)}` : ''}
      </div>
      <Bar value={known ? share : 100} striped={!known} animated={!known} size="sm" aria-label={label} />
    </div>
  );
}
