/**
 * Live progress by server-sent events. One connection a job however many places show it (a browser allows six to a host),
 * counted by its users; what arrives is written into the query cache, so a page neither knows nor cares where it came from.
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from './client';
import { finished, importQuery, queryClient, traceQuery } from './queries';
import type { ImportJob, Trace } from './types';

type Open = { source: EventSource; users: number };
const open = new Map<string, Open>();

function listen(address: string, names: string[], take: (data: unknown) => boolean): () => void {
  let entry = open.get(address);
  if (!entry) {
    const source = new EventSource(address);
    entry = { source, users: 0 };
    open.set(address, entry);
    const onMessage = (event: Event): void => {
      try {
        if (take(JSON.parse((event as MessageEvent<string>).data))) source.close();
      } catch {
        // A half-written line of a connection that broke; the browser connects again by itself.
      }
    };
    for (const name of [...names, 'message']) source.addEventListener(name, onMessage);
  }
  const mine = entry;
  mine.users += 1;
  return () => {
    mine.users -= 1;
    if (mine.users === 0) {
      mine.source.close();
      open.delete(address);
    }
  };
}

/** A trace's summary, kept current while it runs. Polling beside the stream covers a proxy that buffers it. */
export function useTrace(id: string) {
  const query = useQuery({
    ...traceQuery(id),
    // The stream ends with the counts; amounts that are still being computed are asked for.
    refetchInterval: ({ state: { data } }) =>
      data && (!finished(data.status) || (data.status === 'done' && data.amounts === 'pending')) ? 4000 : false,
  });
  const running = query.data !== undefined && !finished(query.data.status);
  useEffect(() => {
    if (!running) return;
    return listen(api.traceStream(id), ['trace'], (data) => {
      const trace = data as Trace;
      queryClient.setQueryData(traceQuery(id).queryKey, trace);
      if (!finished(trace.status)) return false;
      void queryClient.invalidateQueries({ queryKey: ['traces'] });
      return true;
    });
  }, [id, running]);
  return query;
}

export function useImport(id: string) {
  const query = useQuery({
    ...importQuery(id),
    refetchInterval: (current) => (current.state.data && !finished(current.state.data.status) ? 4000 : false),
  });
  const running = query.data !== undefined && !finished(query.data.status);
  useEffect(() => {
    if (!running) return;
    return listen(api.importStream(id), ['import'], (data) => {
      const job = data as ImportJob;
      queryClient.setQueryData(importQuery(id).queryKey, job);
      if (!finished(job.status)) return false;
      void queryClient.invalidateQueries({ queryKey: ['imports'] });
      void queryClient.invalidateQueries({ queryKey: ['import', id, 'refused'] });
      return true;
    });
  }, [id, running]);
  return query;
}
