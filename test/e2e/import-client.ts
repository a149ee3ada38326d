import type { ImportView } from '@/exchange/interchange';
import { scenarioFiles, ScenarioName } from '../scenarios';
import { http, TestApp, waitFor } from '../support';
import { zip } from './import-zip';

export type UploadContent = string | Buffer;

export const upload = (app: TestApp, name: string, content: UploadContent) =>
  http(app)
    .post('/api/v1/imports')
    .attach('file', Buffer.from(content as string), { filename: name, contentType: 'application/octet-stream' });

/** Uploads and waits until the import is over. */
export async function importFile(app: TestApp, name: string, content: UploadContent): Promise<ImportView> {
  const started = await upload(app, name, content).expect(202);
  return importEnd(app, (started.body as ImportView).id);
}

export function importEnd(app: TestApp, id: string, withinMs = 60_000): Promise<ImportView> {
  return waitFor(
    async () => {
      const view = (await http(app).get(`/api/v1/imports/${id}`).expect(200)).body as ImportView;
      return ['done', 'failed', 'cancelled'].includes(view.status) && view;
    },
    { what: 'the end of the import', withinMs, everyMs: 50 },
  );
}

export const importFiles = (app: TestApp, files: Record<string, string>): Promise<ImportView> =>
  importFile(app, 'plant.zip', zip(Object.entries(files).map(([name, content]) => ({ name, content }))));

/** A demo plant as a zip. */
export const plantZip = (name: ScenarioName, size: number, seed = 1): Buffer =>
  zip([...scenarioFiles(name, { seed, size })].map((f) => ({ name: f.name, content: [...f.content()].join('') })));

export interface Refused {
  file: string;
  row: number;
  column: string | null;
  code: string;
  message: string;
}

export async function refusedRows(app: TestApp, id: string): Promise<Refused[]> {
  const page = await http(app).get(`/api/v1/imports/${id}/refused?limit=1000`).expect(200);
  return (page.body as { data: Refused[] }).data;
}
