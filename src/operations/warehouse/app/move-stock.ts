import { Injectable } from '@nestjs/common';
import { DomainError, parseDecimal } from '@/kernel';
import { unitRef, unitsScanned } from '@/ledger';
import { once } from '@/platform/commands';
import { type Context, type Queryable, type Tx, UnitOfWork } from '@/platform/db';
import { allPlaces, type Place } from '@/reference/places';
import { acknowledge } from '../../instructions';
import { containerNamed } from '../db/containers';
import { stockOfUnits } from '../db/stock';
import { PlaceTree } from '../domain/place-tree';
import { MoveUnits } from './move-units';
import { placeScanned } from './scan-task';
import { refusalSaid, type Verdict } from './verdict';

export interface StockMove {
  id: string;
  /** a unit, or a container with all that is in it */
  scan: string;
  to: string;
  from?: string;
  /** in the base unit of the item; absent: all that is there */
  quantity?: string;
  at?: string;
  acknowledged?: string[];
}

/** Moves what was scanned, without a task: a unit or a whole container. */
@Injectable()
export class MoveStock {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly moveUnits: MoveUnits,
  ) {}

  /** What is wrong is a verdict, and has changed nothing. Throws COMMAND_ID_REUSED. */
  async execute(ctx: Context, move: StockMove): Promise<Verdict> {
    try {
      return await this.uow.run(ctx, (tx) => {
        const { id, acknowledged: _, ...content } = move;
        return once(tx, { id, verb: 'move', content }, () => this.within(tx, move));
      });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'COMMAND_ID_REUSED') throw error;
      return refusalSaid(error);
    }
  }

  private async within(tx: Tx, move: StockMove): Promise<Verdict> {
    const tree = new PlaceTree(await allPlaces(tx));
    const placeOf = (code: string): Place => {
      const place = placeScanned(tree, code);
      if (!place) throw new DomainError('UNKNOWN_PLACE', { place: code });
      return place;
    };
    const to = placeOf(move.to);
    const from = move.from === undefined ? null : placeOf(move.from);
    const container = await containerNamed(tx, move.scan);
    const found = container ? [] : await unitsScanned(tx, move.scan);
    const unit = await this.meant(tx, found, from);
    if (!container && !unit) throw new DomainError('UNIT_UNKNOWN', { unit: move.scan });
    const ids = container ? container.units : [unit!.unitId];
    const stock = await stockOfUnits(tx, ids);
    const places = new Set(stock.map((row) => row.placeId));
    if (unit && !from && places.size > 1)
      throw new DomainError('MOVE_FROM', {
        unit: `${unit.item} ${unit.code}`,
        places: [...places].map((id) => (id === null ? 'no recorded place' : tree.get(id)?.code)).join(' and '),
      });
    const here = from ?? (stock[0]?.placeId == null ? null : (tree.get(stock[0].placeId) ?? null));
    const instructions = await acknowledge(
      tx,
      { units: ids, places: [to, here].flatMap((one) => one?.placeId ?? []) },
      move.acknowledged ?? [],
      { command: `move:${move.id}` },
    );
    const event = { event: `move:${move.id}`, at: move.at, to };
    const crowded = container
      ? await this.moveUnits.container(tx, tree, { ...event, container: container.code, content: stock })
      : await this.moveUnits.within(tx, tree, {
          ...event,
          unit: unit!,
          from,
          quantity: move.quantity === undefined ? null : parseDecimal(move.quantity),
        });
    const what = container ? `${container.code} (${ids.length} units)` : `${unit!.item} ${unit!.code}`;
    const message = `${what} to ${to.code}`;
    return {
      verdict: crowded ? 'warn' : 'ok',
      ...(crowded && { code: crowded.code }),
      message: crowded ? `${message}. ${crowded.message}` : message,
      ...(unit && { unit: unitRef(unit.item, unit.kind, unit.code) }),
      instructions,
    };
  }

  /** Of several units with this code the one at the place where it was scanned. */
  private async meant(q: Queryable, found: Awaited<ReturnType<typeof unitsScanned>>, from: Place | null) {
    if (found.length < 2) return found[0];
    const stock = await stockOfUnits(
      q,
      found.map((one) => one.unitId),
    );
    const here = found.filter((one) =>
      stock.some((row) => row.unitId === one.unitId && (from === null || row.placeId === from.placeId)),
    );
    if (here.length > 1)
      throw new DomainError('SCAN_UNREADABLE', {
        scan: here[0]!.code,
        reason: 'several units bear this code; scan the full code, or the place first.',
      });
    return here[0] ?? found[0];
  }
}
