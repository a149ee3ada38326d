/** The tasks that wait for me: scan one, or choose it. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { tasksQuery } from '~/api/warehouse';
import { FloorScreen } from '~/floor/floor-screen';
import { useScans } from '~/floor/use-scans';
import { Empty, ErrorBox, Loading } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { TaskMark } from './marks';
import './warehouse.css';

const words = text.warehouse.floor;
const LOOK_EVERY_MS = 15_000;

export function FloorTasksPage() {
  const navigate = useNavigate();
  const query = useInfiniteQuery({ ...tasksQuery({ mine: 'true' }), refetchInterval: LOOK_EVERY_MS });
  const scans = useScans(async (code) => {
    const name = /^(?:t-)?(\d{1,9})$/i.exec(code)?.[1];
    if (!name) return { verdict: 'warn', message: words.unknown(code) };
    await navigate({ to: '/floor/tasks/$task', params: { task: `T-${name}` } });
    return null;
  });
  const tasks = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <FloorScreen title={words.tasks} prompt={words.tasksPrompt} scans={scans}>
      {query.isPending ? <Loading /> : null}
      {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data && tasks.length === 0 ? <Empty title={words.noTasks}>{words.noTasksWhy}</Empty> : null}
      <ul className="task-list" aria-label={words.tasks}>
        {tasks.map((task) => (
          <li key={task.task}>
            <Link to="/floor/tasks/$task" params={{ task: task.task }} className="task-card">
              <span className="code">{task.task}</span>
              <strong>{task.title}</strong>
              <TaskMark status={task.status} />
              {task.kind === 'count' ? null : (
                <span className="num">{text.warehouse.tasks.progress(task.progress.done, task.progress.expected)}</span>
              )}
              {task.due ? (
                <span>
                  {text.warehouse.tasks.due} <Time at={task.due} short />
                </span>
              ) : null}
            </Link>
          </li>
        ))}
      </ul>
    </FloorScreen>
  );
}
