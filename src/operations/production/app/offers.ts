import { formatDecimal, formatTime } from '@/kernel';
import { unitRef } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { placeNames } from '@/reference/places';
import type { Build } from '../db/builds';
import { unitsOfItems } from '../db/units';
import type { BuildLine } from '../domain/bom-lines';
import { takes } from '../domain/judge';
import { candidatesOf } from './candidates';

/** Free stock that could fill a line: how much, and where. */
export interface Offer {
  id: string;
  unit: ReturnType<typeof unitRef>;
  /** same: the component of the line itself; substitute: approved for it */
  why: 'same' | 'substitute';
  place: string | null;
  quantity: { value: string; uom: string } | null;
  expires: string | null;
}

const LOOKED_AT_MAX = 200;
const OFFERS_MAX = 10;

/** Free stock of a line's component and its approved substitutes: what is here first, then what expires first. */
export async function offersFor(q: Queryable, build: Build, line: BuildLine, except: number | null): Promise<Offer[]> {
  const nowMs = Date.now();
  const found = (await unitsOfItems(q, takes(line), LOOKED_AT_MAX)).filter((unit) => unit.unitId !== except);
  const free = [...(await candidatesOf(q, build.buildId, found, nowMs)).values()]
    .filter((c) => c.hold === null && c.taken === null && (c.expiresMs === null || c.expiresMs > nowMs))
    .flatMap((candidate) =>
      candidate.stock.flatMap((s) => {
        const left = s.quantity === null ? null : s.quantity - candidate.takenQuantity;
        return left === null || left > 0n ? [{ candidate, placeId: s.placeId, left }] : [];
      }),
    );
  const rank = (o: (typeof free)[number]) =>
    [
      Number(o.candidate.itemId !== line.itemId),
      Number(o.placeId !== build.placeId),
      o.candidate.expiresMs ?? Number.MAX_SAFE_INTEGER,
      o.candidate.unitId,
    ] as const;
  free.sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2] || x[3] - y[3];
  });
  const best = free.slice(0, OFFERS_MAX);
  const places = await placeNames(
    q,
    best.flatMap((o) => (o.placeId === null ? [] : [o.placeId])),
  );
  return best.map(({ candidate: c, placeId, left }) => ({
    id: `u${c.unitId}`,
    unit: unitRef(c.item, c.kind, c.label.slice(c.item.length + 1)),
    why: c.itemId === line.itemId ? 'same' : 'substitute',
    place: placeId === null ? null : (places.get(placeId)?.code ?? null),
    quantity: left === null ? null : { value: formatDecimal(left), uom: c.uom },
    expires: formatTime(c.expiresMs),
  }));
}
