/** Running traces and imports, whoever started them, with live progress; they go on when the page is left. */
import { ActionIcon, Button, Popover } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '~/api/client';
import { useImport, useTrace } from '~/api/live';
import { finished, queryClient, recentImportsQuery, recentTracesQuery } from '~/api/queries';
import { ProgressLine } from '~/kit/progress';
import { StatusMark } from '~/kit/marks';
import { errorText } from '~/kit/page';
import { text } from '~/text';
import { questionTitle } from '~/kit/question';
import { useSession } from './session';

/** Each live line holds a connection, and a browser allows six to a host. */
const LIVE_MAX = 2;

function TraceLine({ id, close }: { id: string; close: () => void }) {
  const { can } = useSession();
  const { data } = useTrace(id);
  const [problem, setProblem] = useState<unknown>(null);
  if (!data) return null;
  const cancel = async (): Promise<void> => {
    setProblem(null);
    try {
      await api.cancelTrace(id);
      await queryClient.invalidateQueries({ queryKey: ['trace', id], exact: true });
      await queryClient.invalidateQueries({ queryKey: ['traces'] });
    } catch (cause) {
      setProblem(cause);
    }
  };
  const { priority } = data;
  return (
    <li>
      <Link to="/traces/$trace" params={{ trace: id }} onClick={close}>
        {questionTitle(data.question)}
      </Link>
      {finished(data.status) ? (
        <StatusMark status={data.status} />
      ) : (
        <>
          {priority && priority !== 'normal' ? (
            <p className="small">
              <span className="tag">{text.priority[priority]}</span>
            </p>
          ) : null}
          <ProgressLine label={text.jobs.trace} progress={data.progress} queue={data.queue} />
          {can('traces:run') ? (
            <Button
              variant="subtle"
              color="gray"
              aria-label={text.jobs.cancel(questionTitle(data.question))}
              onClick={() => void cancel()}
            >
              {text.cancel}
            </Button>
          ) : null}
        </>
      )}
      {problem ? <p className="problem">{errorText(problem)}</p> : null}
    </li>
  );
}

function ImportLine({ id, close }: { id: string; close: () => void }) {
  const { data } = useImport(id);
  if (!data) return null;
  const progress = data.progress ? { ...data.progress, stage: data.progress.file ?? text.jobs.import } : null;
  return (
    <li>
      <Link to="/imports/$import" params={{ import: id }} onClick={close}>
        {data.name}
      </Link>
      {finished(data.status) ? (
        <StatusMark status={data.status} />
      ) : (
        <ProgressLine label={text.jobs.import} progress={progress} />
      )}
    </li>
  );
}

export function JobsTray() {
  const { can } = useSession();
  const [opened, setOpened] = useState(false);
  const traces = useQuery({ ...recentTracesQuery, enabled: can('traces:read') });
  const imports = useQuery({ ...recentImportsQuery, enabled: can('imports:read') });
  const runningTraces = traces.data?.data.filter((one) => !finished(one.status)) ?? [];
  const runningImports = imports.data?.data.filter((one) => !finished(one.status)) ?? [];
  const running = runningTraces.length + runningImports.length;
  const close = (): void => setOpened(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} trapFocus shadow="md">
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={text.jobs.label(running)}
          onClick={() => setOpened((was) => !was)}
        >
          <IconStack2 size={18} aria-hidden />
          {running > 0 ? <span className="badge">{running}</span> : null}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <h2 className="pop-title">{text.jobs.title}</h2>
        {running === 0 ? <p className="dim">{text.jobs.none}</p> : null}
        <ul className="job-list">
          {runningTraces.slice(0, LIVE_MAX).map((one) => (
            <TraceLine key={one.id} id={one.id} close={close} />
          ))}
          {runningImports.slice(0, LIVE_MAX).map((one) => (
            <ImportLine key={one.id} id={one.id} close={close} />
          ))}
        </ul>
        {running > LIVE_MAX * 2 ? <p className="dim">{text.jobs.more}</p> : null}
      </Popover.Dropdown>
    </Popover>
  );
}
