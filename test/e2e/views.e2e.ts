import { http, useApp } from '../support';

const app = useApp({ worker: false });
const views = '/api/v1/views/stock';

interface View {
  name: string;
  own: boolean;
  by: string;
}

/** A key of its own, with the role of a viewer. */
async function viewer(): Promise<string> {
  const made = await http(app()).post('/api/v1/api-keys').send({ name: 'looker', role: 'viewer' }).expect(201);
  return (made.body as { key: string }).key;
}

it('a view is kept under a name of one’s own, replaced, shared and forgotten; another’s is seen where shared and stays', async () => {
  const other = await viewer();
  const mine = (name: string) => `${views}/${encodeURIComponent(name)}`;
  const list = async (key?: string) => {
    const answer = await (key ? http(app(), key) : http(app())).get(views).expect(200);
    return (answer.body as { data: View[] }).data;
  };
  await http(app())
    .put(mine('Expires soon / 1 %'))
    .send({ search: { expires: '2026-12-31' }, shared: false })
    .expect(200);
  expect(await list(other)).toEqual([]);
  await http(app())
    .put(mine('Expires soon / 1 %'))
    .send({ search: { expires: '2027-01-31' }, shared: true })
    .expect(200);
  expect(await list()).toMatchObject([
    { name: 'Expires soon / 1 %', search: { expires: '2027-01-31' }, shared: true, own: true },
  ]);
  expect(await list(other)).toMatchObject([{ name: 'Expires soon / 1 %', own: false }]);
  await http(app(), other).delete(mine('Expires soon / 1 %')).expect(404);
  // A viewer keeps one under the same name: both stand, own ones first.
  await http(app(), other)
    .put(mine('Expires soon / 1 %'))
    .send({ search: { item: 'CELL' } })
    .expect(200);
  expect((await list(other)).map((view) => view.own)).toEqual([true, false]);
  await http(app(), other).delete(mine('Expires soon / 1 %')).expect(200);
  expect((await list(other)).map((view) => view.own)).toEqual([false]);
  const long = { search: { q: 'x'.repeat(10_001) } };
  expect((await http(app()).put(mine('Long')).send(long).expect(422)).body).toMatchObject({ code: 'FIELD_INVALID' });
  await http(app())
    .put(mine('n'.repeat(101)))
    .send({ search: {} })
    .expect(400);
  await http(app(), null).get(views).expect(401);
});
