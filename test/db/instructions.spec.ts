import { DomainError } from '@/kernel';
import { acknowledge, instructionsFor } from '@/operations/instructions';
import type { Context } from '@/platform/db';
import { useDatabase } from '../support';

const db = useDatabase();
const ctx: Context = { actor: 'user:anna', source: 'user:anna' };
const ids = { item: 0, other: 0, lot: 0, otherLot: 0, site: 0, bin: 0, shop: 0 };

beforeAll(async () => {
  const one = async (sql: string): Promise<number> =>
    Object.values((await db().asOwner<Record<string, number>>(sql))[0]!)[0]!;
  ids.item = await one(
    `INSERT INTO item (code, name, tracking, uom, category) VALUES ('RM', 'Resin', 'lot', 'kg', 'chemistry') RETURNING item_id`,
  );
  ids.other = await one(
    `INSERT INTO item (code, name, tracking, uom) VALUES ('RM2', 'Filler', 'lot', 'kg') RETURNING item_id`,
  );
  ids.lot = await one(
    `INSERT INTO unit (batch_id, item_id, kind, code) VALUES (1, ${ids.item}, 'lot', 'L1') RETURNING unit_id`,
  );
  ids.otherLot = await one(
    `INSERT INTO unit (batch_id, item_id, kind, code) VALUES (1, ${ids.other}, 'lot', 'L2') RETURNING unit_id`,
  );
  ids.site = await one(`INSERT INTO place (code, name, kind) VALUES ('LYON', 'Lyon', 'site') RETURNING place_id`);
  ids.bin = await one(
    `INSERT INTO place (code, name, kind, parent_id) VALUES ('A1', 'A1', 'bin', ${ids.site}) RETURNING place_id`,
  );
  ids.shop = await one(
    `INSERT INTO partner (code, name, kind) VALUES ('SHOP', 'Shop', 'customer') RETURNING partner_id`,
  );
});

const instruct = (code: string, more: Record<string, unknown>): Promise<unknown> => {
  const row: Record<string, unknown> = {
    code,
    title: code,
    body: 'Do it',
    severity: 'info',
    acknowledge: false,
    changed_by: 'x',
    ...more,
  };
  const names = Object.keys(row);
  return db().asOwner(
    `INSERT INTO instruction (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
    Object.values(row),
  );
};
const shown = async (touched: Parameters<typeof instructionsFor>[1], now = 1_000): Promise<string[]> =>
  (await instructionsFor(db().database, touched, now)).map((one) => `${one.instruction} ${one.units.join(',')}`.trim());

describe('the instructions for what is touched', () => {
  beforeAll(async () => {
    await instruct('ITEM', { item_id: ids.item });
    await instruct('LOT', { unit_id: ids.lot, severity: 'must' });
    await instruct('CATEGORY', { category: 'chemistry', severity: 'warn' });
    await instruct('SITE', { place_id: ids.site });
    await instruct('SHOP', { partner_id: ids.shop });
    await instruct('LATER', { item_id: ids.item, from_ms: 2_000, until_ms: 3_000 });
    await instruct('RETIRED', { item_id: ids.item, retired_at: new Date(), retired_by: 'x', retired_reason: 'over' });
  });

  it('are those of the place where a unit is, and of the customer who has it, though nobody named them', async () => {
    const [unit] = await db().asOwner<{ unit_id: number }>(
      `INSERT INTO unit (batch_id, item_id, kind, code) VALUES (1, ${ids.other}, 'lot', 'L3') RETURNING unit_id`,
    );
    await db().asOwner(
      `INSERT INTO holding (unit_id, item_id, kind, state, place_id, customer_id, quantity, holds)
       VALUES ($1, $2, 'lot', 'in-stock', $3, NULL, 1, 0), ($1, $2, 'lot', 'shipped', NULL, $4, 1, 0)`,
      [unit!.unit_id, ids.other, ids.bin, ids.shop],
    );
    expect(await shown({ units: [unit!.unit_id] })).toEqual(['SHOP', 'SITE']);
    await db().asOwner('DELETE FROM holding');
  });

  it('are those of the unit, its item and its category, the gravest first', async () => {
    expect(await shown({ units: [ids.lot] })).toEqual([`LOT u${ids.lot}`, `CATEGORY u${ids.lot}`, `ITEM u${ids.lot}`]);
    expect(await shown({ units: [ids.otherLot] })).toEqual([]);
  });

  it('are those of places above, and of customers', async () => {
    expect(await shown({ places: [ids.bin], partners: [ids.shop] })).toEqual(['SHOP', 'SITE']);
  });

  it('say for which of several units they are', async () => {
    expect(await shown({ units: [ids.lot, ids.otherLot], items: [ids.other] })).toEqual([
      `LOT u${ids.lot}`,
      `CATEGORY u${ids.lot}`,
      `ITEM u${ids.lot}`,
    ]);
    expect(await shown({ items: [ids.item] })).toEqual(['CATEGORY', 'ITEM']);
  });

  it('count from their first moment to before their last', async () => {
    expect(await shown({ items: [ids.item] }, 2_000)).toContain('LATER');
    expect(await shown({ items: [ids.item] }, 3_000)).not.toContain('LATER');
  });
});

describe('what must be acknowledged', () => {
  const touched = (): { units: number[] } => ({ units: [ids.otherLot] });
  const tell = (acknowledged: string[], command: string) =>
    db().uow.run(ctx, (tx) => acknowledge(tx, touched(), acknowledged, { command }));
  const lines = () =>
    db().asOwner(
      `SELECT a.version, a.unit_id, a.command, a.actor FROM instruction_acknowledgement a JOIN instruction i USING (instruction_id) WHERE i.code = 'ASK' ORDER BY 1, 3`,
    );

  it('stops whoever has not, names it, and records who has, once a command', async () => {
    await instruct('ASK', { unit_id: ids.otherLot, acknowledge: true, title: 'Wear gloves', body: 'Nitrile' });
    const [asked] = await instructionsFor(db().database, touched());
    await expect(tell([], 'build:1')).rejects.toMatchObject({
      code: 'INSTRUCTION_UNACKNOWLEDGED',
      message: `Acknowledge first: Wear gloves: Nitrile. Send the command again with "${asked!.id}" in "acknowledged".`,
      details: { id: asked!.id, instructions: [{ instruction: 'ASK' }] },
    });
    expect(await lines()).toEqual([]);
    await tell([asked!.id], 'build:1');
    await tell([asked!.id], 'build:1');
    await tell([asked!.id], 'build:2');
    const line = { version: 1, unit_id: ids.otherLot, actor: 'user:anna' };
    expect(await lines()).toEqual([
      { ...line, command: 'build:1' },
      { ...line, command: 'build:2' },
    ]);
    // Changed since: what was acknowledged was another text.
    await db().asOwner(`UPDATE instruction SET version = 2, body = 'Butyl' WHERE code = 'ASK'`);
    await expect(tell([asked!.id], 'build:3')).rejects.toThrow(DomainError);
    const [changed] = await instructionsFor(db().database, touched());
    await tell([changed!.id], 'build:3');
    expect(await lines()).toContainEqual({ ...line, version: 2, command: 'build:3' });
  });
});
