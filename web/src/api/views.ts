/** Views of lists that people keep under a name: their own, and those that others share. */
import { queryOptions } from '@tanstack/react-query';
import { get, write } from './client';
import { queryClient } from './queries';

export type ViewSearch = Record<string, unknown>;
export type SavedView = { name: string; search: ViewSearch; shared: boolean; own: boolean; by: string };
type Views = { data: SavedView[] };

const path = (list: string, name?: string): string =>
  `/views/${encodeURIComponent(list)}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;

export const viewsQuery = (list: string) =>
  queryOptions({
    queryKey: ['views', list],
    queryFn: async ({ signal }) => (await get<Views>(path(list), {}, signal)).data,
  });

export async function keepView(list: string, name: string, body: { search: ViewSearch; shared: boolean }) {
  const { data } = await write<Views>('PUT', path(list, name), body);
  queryClient.setQueryData(viewsQuery(list).queryKey, data);
}

export async function forgetView(list: string, name: string) {
  const { data } = await write<Views>('DELETE', path(list, name));
  queryClient.setQueryData(viewsQuery(list).queryKey, data);
}
