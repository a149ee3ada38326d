import { MigrationInterface, QueryRunner } from 'typeorm';

/** What a container carries answers an order too: a part of it names no unit, since what was in it may turn out later. */
export class CarriedOrders1763900000030 implements MigrationInterface {
  name = 'CarriedOrders1763900000030';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE order_part ALTER COLUMN item_id DROP NOT NULL, ALTER COLUMN unit_id DROP NOT NULL`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM order_part WHERE unit_id IS NULL`);
    await q.query(`ALTER TABLE order_part ALTER COLUMN item_id SET NOT NULL, ALTER COLUMN unit_id SET NOT NULL`);
  }
}
