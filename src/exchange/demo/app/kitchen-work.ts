import type { Context } from '@/platform/db';
import type { Day, Verbs } from './verbs';

const kg = (value: string) => ({ value, uom: 'kg' });

/** The kitchen's open work: meat that must be used these days, spice without its certificate, and a count. */
export async function kitchenWork(verbs: Verbs, ctx: Context, day: Day): Promise<void> {
  await verbs.record(ctx, [
    received(day, 'K-PORK', 'PK-D1', '60', 'S-HOF', 1),
    received(day, 'K-BEEF', 'BF-D1', '25', 'S-HOF', 2),
    received(day, 'K-PORK', 'PK-D2', '120', 'S-HOF', 9),
    received(day, 'K-PAPRIKA', 'SP-D1', '50', 'S-ORIENT', 300),
  ]);
  await verbs.putInstruction.execute(ctx, 'COLD', {
    title: 'Keep below 4 °C',
    text: 'Into the cold store within 15 minutes; note the core temperature when it was longer.',
    severity: 'must',
    about: { category: 'meat' },
  });
  await verbs.holdUnits.execute(ctx, {
    id: 'demo-kitchen-hold',
    units: [{ item: 'K-PAPRIKA', lot: 'SP-D1' }],
    reason: 'certificate is missing',
    ref: 'QN-D-2',
    at: day.at(-1, '09:00'),
  });
  await verbs.proposeDisposition.execute(ctx, {
    id: 'demo-kitchen-disposition',
    kind: 'return-to-supplier',
    supplier: 'S-ORIENT',
    reason: 'no certificate within the time agreed',
    units: [{ unit: { item: 'K-PAPRIKA', lot: 'SP-D1' } }],
  });
  await verbs.createTask.execute(ctx, {
    id: 'demo-kitchen-count',
    kind: 'count',
    item: 'K-PORK',
    place: 'KIT.RM',
    due: day.in(1),
  });
}

function received(day: Day, item: string, lot: string, amount: string, supplier: string, expiresIn: number): object {
  return {
    type: 'receive',
    id: `demo-receive-${lot}`,
    at: day.at(-2, '06:00'),
    place: 'KIT.RM',
    unit: { item, lot },
    quantity: kg(amount),
    supplier,
    supplierLot: `${supplier.slice(2, 4)}-${lot}`,
    expires: day.in(expiresIn),
  };
}
