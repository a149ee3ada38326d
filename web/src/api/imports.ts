/** Looking at files before they come in: calls and shapes. */
import { queryOptions } from '@tanstack/react-query';
import { get, send, url, write } from './client';

export type Mapping = {
  kind: string;
  columns: Record<string, string>;
  constants?: Record<string, string>;
  values?: Record<string, Record<string, string>>;
  dateFormat?: string;
  timeZone?: string;
  decimalComma?: boolean;
};
export type PreviewRow = {
  row: number;
  cells: string[];
  read: Record<string, string>;
  errors: { column: string | null; code: string; message: string }[];
};
export type TablePreview = {
  name: string;
  kind: string | null;
  headers: string[];
  saved: string | null;
  guess: Mapping | null;
  mapping: Mapping | null;
  rows: PreviewRow[];
};
type Preview = { upload: string; name: string; tables: TablePreview[] };
export type Kind = { kind: string; required: string[]; optional: string[] };
type Started = { id: string };

const enc = encodeURIComponent;

async function sendFile<R>(path: string, file: File, query: Record<string, string> = {}): Promise<R> {
  const form = new FormData();
  form.append('file', file, file.name);
  const response = await send('POST', url(path, query), { body: form, headers: { accept: 'application/json' } });
  return (await response.json()) as R;
}

export const lookAt = (file: File): Promise<Preview> => sendFile('/imports/preview', file);

export const sendMended = (file: File, mends: string): Promise<Started> => sendFile('/imports', file, { mends });

export const lookQuery = (upload: string) =>
  queryOptions({
    queryKey: ['imports', 'look', upload],
    queryFn: () => write<Preview>('POST', `/imports/preview/${enc(upload)}`, {}),
  });

export const kindsQuery = queryOptions({
  queryKey: ['imports', 'kinds'],
  queryFn: async ({ signal }) => (await get<{ data: Kind[] }>('/imports/kinds', {}, signal)).data,
  staleTime: Infinity,
});

export const previewTable = async (upload: string, table: string, mapping: Mapping): Promise<TablePreview> => {
  const { tables } = await write<Preview>('POST', `/imports/preview/${enc(upload)}`, { table, mapping });
  return tables[0]!;
};

export const saveMapping = (name: string, mapping: Mapping, headers: string[]): Promise<unknown> =>
  write('PUT', `/import-mappings/${enc(name)}`, { ...mapping, headers });

export const importKept = (upload: string, options: { mapping: string[]; dryRun: boolean }): Promise<Started> =>
  write('POST', `/imports/preview/${enc(upload)}/import`, options);

export const refusedFilesQuery = (id: string) =>
  queryOptions({
    queryKey: ['imports', id, 'refused-files'],
    queryFn: async ({ signal }) =>
      (await get<{ data: { file: string; rows: number }[] }>(`/imports/${enc(id)}/refused-files`, {}, signal)).data,
  });

export const refusedOf = (id: string, file: string): Promise<Response> =>
  send('GET', url(`/imports/${enc(id)}/refused`, { file }));
