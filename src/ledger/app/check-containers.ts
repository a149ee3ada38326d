/** What live work is refused of containers, and of stock in several places: judged on the present state, like check-live.ts. */
import { DomainError, formatDecimal, formatTime } from '@/kernel';
import type { Tx } from '@/platform/db';
import type { LiveState } from '../db/live-state';
import { heldBy } from '../db/present';
import type { ContainerFactRow } from '../domain/container';
import type { Draft, MovementRow, Role } from '../domain/draft';
import type { ParsedEvent } from '../domain/event-shapes';
import type { Holding } from '../domain/holdings';
import type { World } from '../domain/world';

/** What takes some of a unit by itself: out of a container it is unpacked first. */
const BY_ITSELF: Role[] = ['used', 'installed', 'shipped', 'scrapped', 'moved-out', 'packed'];
/** What must say where, of a lot in several places. */
const PLACED: Role[] = ['moved-out', 'packed', 'counted', 'adjusted'];
/** These too, where what lies nowhere in particular is less, or how much that is nobody knows: which of them it was could not be told. */
const TAKEN: Role[] = ['used', 'installed', 'shipped', 'scrapped'];

const inStore = (h: Holding): boolean => h.state === 'in-stock' || h.state === 'returned';
const sum = (holdings: readonly Holding[]): bigint | null =>
  holdings.some((h) => h.quantity === null) ? null : holdings.reduce((n, h) => n + h.quantity!, 0n);

/**
 * Throws UNIT_IN_CONTAINER, NOT_IN_CONTAINER, PLACE_REQUIRED, STOCK_SHORT, CONTAINER_NOT_HERE, CONTAINER_EMPTY, and, for what is
 * in a container that is shipped, UNIT_ON_HOLD and UNIT_EXPIRED.
 */
export async function checkContainers(
  tx: Tx,
  world: World,
  draft: Draft,
  event: ParsedEvent,
  live: LiveState,
  now: number,
): Promise<void> {
  await new Check(tx, world, event, live, now).run(draft);
}

class Check {
  private codes = new Map<number, string>();
  private labels = new Map<number, string>();

  constructor(
    private readonly tx: Tx,
    private readonly world: World,
    private readonly event: ParsedEvent,
    private readonly live: LiveState,
    private readonly now: number,
  ) {}

  async run(draft: Draft): Promise<void> {
    const asked = draft.movements.filter((m) => [...BY_ITSELF, ...PLACED, 'unpacked'].includes(m.role));
    if (asked.length === 0 && draft.containerFacts.length === 0) return;
    await this.readCodes();
    const wanted = new Map<string, bigint>();
    for (const m of asked) {
      const holdings = this.live.present.get(m.unit.id)?.holdings ?? [];
      if (PLACED.includes(m.role) || (TAKEN.includes(m.role) && !this.isUnplaced(m, holdings)))
        this.placeIsClear(m, holdings);
      if (BY_ITSELF.includes(m.role)) this.isLoose(m, holdings, wanted);
      if (m.role === 'adjusted') this.isThere(m, holdings);
      if (m.role === 'unpacked') this.isInside(m, holdings);
    }
    for (const fact of draft.containerFacts) this.containerIsRight(fact);
  }

  private placeIsClear(m: MovementRow, holdings: readonly Holding[]): void {
    const places = [...new Set(holdings.filter(inStore).map((h) => h.placeId))];
    if (m.unit.serial || m.placeId !== null || places.length < 2) return;
    throw new DomainError('PLACE_REQUIRED', {
      unit: m.unit.label,
      places: places.map((place) => this.placeCode(place)).join(', '),
    });
  }

  private isUnplaced(m: MovementRow, holdings: readonly Holding[]): boolean {
    const nowhere = sum(holdings.filter((h) => inStore(h) && h.placeId === null));
    return nowhere !== null && m.quantity !== null && m.quantity <= nowhere;
  }

  private here(m: MovementRow, holdings: readonly Holding[]): Holding[] {
    return holdings.filter((h) => inStore(h) && (m.placeId === null || h.placeId === null || h.placeId === m.placeId));
  }

  private isLoose(m: MovementRow, holdings: readonly Holding[], wanted: Map<string, bigint>): void {
    const here = this.here(m, holdings);
    const inside = here.find((h) => h.containerId !== null);
    if (!inside) return;
    const loose = sum(here.filter((h) => h.containerId === null));
    const key = `${m.unit.id}|${m.placeId}`;
    const all = (wanted.get(key) ?? 0n) + (m.quantity ?? 0n);
    wanted.set(key, all);
    // All that is there, or more than lies loose: some of it is in the container.
    if (m.quantity !== null && (loose === null || all <= loose)) return;
    throw new DomainError('UNIT_IN_CONTAINER', {
      unit: m.unit.label,
      container: this.codes.get(inside.containerId!)!,
    });
  }

  private isThere(m: MovementRow, holdings: readonly Holding[]): void {
    if (m.quantity === null || m.quantity > 0n) return;
    const available = sum(this.here(m, holdings));
    if (available === null || available + m.quantity >= 0n) return;
    throw new DomainError('STOCK_SHORT', {
      unit: m.unit.label,
      available: formatDecimal(available),
      wanted: formatDecimal(-m.quantity),
      uom: m.unit.item.uom,
    });
  }

  private isInside(m: MovementRow, holdings: readonly Holding[]): void {
    const own = holdings.filter((h) => inStore(h) && h.containerId === m.containerId);
    const there = sum(own);
    if (own.length === 0) {
      const others = [
        ...new Set(holdings.flatMap((h) => (h.containerId === null ? [] : [this.codes.get(h.containerId)!]))),
      ];
      throw new DomainError('NOT_IN_CONTAINER', {
        unit: m.unit.label,
        container: this.codes.get(m.containerId!)!,
        actual: others.length > 0 ? others.join(', ') : 'none',
      });
    }
    if (m.quantity === null || there === null || m.quantity <= there) return;
    throw new DomainError('STOCK_SHORT', {
      unit: m.unit.label,
      available: formatDecimal(there),
      wanted: formatDecimal(m.quantity),
      uom: m.unit.item.uom,
    });
  }

  private containerIsRight({ container, role, placeId }: ContainerFactRow): void {
    const parts = [...this.live.present.values()].flatMap((p) =>
      p.holdings.filter((h) => h.containerId === container.id).map((h) => ({ ...p, h })),
    );
    const inside = parts.filter(({ h }) => (role === 'returned' ? h.state === 'shipped' : inStore(h)));
    const asks = role === 'shipped' || role === 'returned' || role === 'emptied' || role === 'held';
    if (asks && inside.length === 0) throw new DomainError('CONTAINER_EMPTY', { container: container.code });
    const at =
      role === 'moved' ? this.from() : role === 'packed' || role === 'unpacked' || role === 'emptied' ? placeId : null;
    const here = role === 'shipped' ? this.world.place(this.event.place) : at;
    const elsewhere = inside.find(({ h }) => h.placeId !== null && here !== null && h.placeId !== here);
    if (elsewhere)
      throw new DomainError('CONTAINER_NOT_HERE', {
        container: container.code,
        place: this.placeCode(here),
        actual: this.placeCode(elsewhere.h.placeId),
      });
    if (role !== 'shipped') return;
    for (const { unitId, holds, expiresMs } of inside) {
      const unit = this.labels.get(unitId)!;
      if (holds[0]) throw new DomainError('UNIT_ON_HOLD', heldBy(unit, holds[0]));
      if (expiresMs !== null && expiresMs <= this.now)
        throw new DomainError('UNIT_EXPIRED', { unit, expires: formatTime(expiresMs) });
    }
    const going = new Set(inside.map(({ unitId }) => unitId));
    for (const { rootId, unitId, label } of this.live.inside) {
      const hold = going.has(rootId) ? this.live.present.get(unitId)?.holds[0] : undefined;
      if (hold) throw new DomainError('UNIT_ON_HOLD', heldBy(label, hold));
    }
  }

  private from(): number | null {
    return this.event.type === 'move' ? this.world.place(this.event.from) : null;
  }

  private placeCode(placeId: number | null): string {
    if (placeId === null) return 'no recorded place';
    return this.placeCodes.get(placeId) ?? `place ${placeId}`;
  }

  private placeCodes = new Map<number, string>();

  private async readCodes(): Promise<void> {
    for (const unit of this.world.unitsById.values()) this.labels.set(unit.id, unit.label);
    for (const c of this.world.containers.values()) this.codes.set(c.id, c.code);
    for (const [code, { id }] of this.world.places) this.placeCodes.set(id, code);
    const holdings = [...this.live.present.values()].flatMap((p) => p.holdings);
    const containers = holdings.flatMap((h) =>
      h.containerId === null || this.codes.has(h.containerId) ? [] : [h.containerId],
    );
    const places = holdings.flatMap((h) => (h.placeId === null || this.placeCodes.has(h.placeId) ? [] : [h.placeId]));
    if (containers.length + places.length === 0) return;
    const rows = await this.tx.query<{ id: number; code: string; what: 'container' | 'place' }>(
      `SELECT container_id AS id, code, 'container' AS what FROM container WHERE container_id = ANY ($1::int[])
       UNION ALL SELECT place_id, code, 'place' FROM place WHERE place_id = ANY ($2::int[])`,
      [containers, places],
    );
    for (const { id, code, what } of rows) (what === 'place' ? this.placeCodes : this.codes).set(id, code);
  }
}
