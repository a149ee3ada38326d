/** The state of a task and of its lines, by shape, word and colour. */
import type { TaskLine, TaskStatus } from '~/api/warehouse';
import { Glyph } from '~/kit/marks';
import { text } from '~/text';

const words = text.warehouse.tasks;
const statuses = {
  open: ['ring', 'quiet'],
  assigned: ['half', 'work'],
  'in-progress': ['diamond', 'work'],
  done: ['check', 'ok'],
  cancelled: ['dash', 'quiet'],
} as const;
const lines = {
  open: ['ring', 'quiet'],
  done: ['check', 'ok'],
  missing: ['triangle', 'warn'],
  skipped: ['dash', 'quiet'],
  unexpected: ['diamond', 'warn'],
} as const;

export function TaskMark({ status }: { status: TaskStatus }) {
  const [shape, tone] = statuses[status];
  return (
    <span className="mark">
      <Glyph shape={shape} tone={tone} />
      <span>{words.statuses[status]}</span>
    </span>
  );
}

export function LineMark({ status }: { status: TaskLine['status'] }) {
  const [shape, tone] = lines[status];
  return (
    <span className="mark">
      <Glyph shape={shape} tone={tone} />
      <span>{words.lines[status]}</span>
    </span>
  );
}
