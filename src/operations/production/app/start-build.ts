import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, parseDecimal, toBase } from '@/kernel';
import { scanName, type UnitIdentity, unitsScanned } from '@/ledger';
import { acknowledge, type ShownInstruction } from '@/operations/instructions';
import { Context, Tx } from '@/platform/db';
import { itemsByCode, itemsById, itemsByGtin } from '@/reference/catalog';
import { placesByCode } from '@/reference/places';
import { begunOf, buildByRef, buildName, insertBuild, openBuildOf } from '../db/builds';
import { beginOrder, nextSerial, Order, orderByNumber, orderCounts } from '../db/orders';
import { cleanText, madeBy, unitExists } from '../db/units';
import { workCenterByCode } from '../db/work-centers';
import type { BuildLine } from '../domain/bom-lines';
import { ONE } from '../domain/judge';
import { nextState } from '../domain/order-states';
import { serialOf } from '../domain/serials';
import { BuildView, viewBuild } from '../queries';
import { Commands } from './commands';
import { linesOfBom, revisionFor } from './designs';

export interface StartInput {
  id: string;
  workOrder: string;
  /** the parent's serial or lot, as scanned or typed; absent: the next of the order */
  scan?: string;
  /** of a lot; absent: what is left of the order */
  quantity?: { value: string; uom: string };
  workCenter?: string;
  place?: string;
  station?: string;
  operator?: string;
  acknowledged?: string[];
  /** codes that the person confirmed: BUILD_CODE_KNOWN */
  accept?: string[];
}

export type StartedBuild = BuildView & { instructions: ShownInstruction[] };

/** Begins to build one piece or lot of a work order. */
@Injectable()
export class StartBuild {
  constructor(private readonly commands: Commands) {}

  /**
   * Throws ORDER_STATE, ORDER_OTHER_KIND, ORDER_FILLED, BOM_NONE, SERIAL_EXISTS, BUILD_UNDER_WAY, BUILD_WRONG_ITEM,
   * BUILD_PART_AS_PARENT, BUILD_CODE_KNOWN, INSTRUCTION_UNACKNOWLEDGED.
   */
  execute(ctx: Context, input: StartInput): Promise<StartedBuild> {
    return this.commands.run(ctx, 'start-build', input.id, input, (tx) => this.start(tx, input));
  }

  private async start(tx: Tx, input: StartInput): Promise<StartedBuild> {
    const order = await orderByNumber(tx, input.workOrder, 'share');
    if (order.kind !== 'build')
      throw new DomainError('ORDER_OTHER_KIND', { number: order.number, kind: 'rework', wanted: 'building' });
    nextState(order.number, order.state, 'start');
    const center = input.workCenter === undefined ? null : await workCenterByCode(tx, input.workCenter);
    const place = input.place === undefined ? null : (await placesByCode(tx, [input.place])).get(input.place);
    if (place === undefined) throw new DomainError('UNKNOWN_PLACE', { place: input.place });
    const quantity = await this.quantityOf(tx, order, input);
    const bom = await revisionFor(tx, order, order.revision, order.plannedMs ?? Date.now());
    const placeId = place?.placeId ?? center?.placeId ?? order.placeId;
    const instructions = await acknowledge(
      tx,
      {
        items: [order.itemId],
        ...(placeId !== null && { places: [placeId] }),
        ...(order.customerId !== null && { partners: [order.customerId] }),
      },
      input.acknowledged ?? [],
      { command: `start-build:${input.id}` },
    );
    const lines = await linesOfBom(tx, bom, quantity);
    // The counter last: whoever else takes a number of this order waits from here on.
    const code =
      input.scan === undefined
        ? await freeCode(tx, order)
        : await codeOf(tx, order, lines, input.scan, input.accept ?? []);
    if (order.tracking === 'serial') await isFree(tx, order, code);
    const buildId = await insertBuild(tx, {
      orderId: order.orderId,
      itemId: order.itemId,
      kind: order.tracking as 'serial' | 'lot',
      code,
      quantity: formatDecimal(quantity),
      revision: bom.revision,
      lines,
      workCenterId: center?.workCenterId ?? order.workCenterId,
      placeId,
      station: input.station ?? null,
      operator: input.operator ?? null,
    });
    if (order.state === 'released') await beginOrder(tx, order.orderId);
    await tx.audit({
      action: 'start-build',
      subject: `build:${buildName(buildId)}`,
      after: { workOrder: order.number, unit: `${order.item} ${code}`, revision: bom.revision },
    });
    return { ...(await viewBuild(tx, await buildByRef(tx, buildName(buildId)))), instructions };
  }

  /** How much is built, held to what the order still wants: counted by its builds, and by the facts where those say it is filled. */
  private async quantityOf(tx: Tx, order: Order, input: StartInput): Promise<bigint> {
    const item = (await itemsById(tx, [order.itemId])).get(order.itemId)!;
    const asked = input.quantity && toBase(input.quantity.value, input.quantity.uom, { ...item, item: item.code });
    const ordered = parseDecimal(order.quantity);
    const { begun, open } = await begunOf(tx, order.orderId);
    const left = ordered - parseDecimal(begun);
    const wanted = order.tracking === 'serial' ? ONE : (asked ?? (left > 0n ? left : ordered));
    if (wanted <= 0n)
      throw new DomainError('QUANTITY_INVALID', { value: input.quantity!.value, reason: 'it must be above zero.' });
    if (wanted <= left) return wanted;
    // Builds whose event was voided, and pieces that were scrapped, leave room for others.
    const { produced, scrapped } = (await orderCounts(tx, [order])).get(order.number)!;
    const made = produced - scrapped;
    if (wanted > ordered - made - parseDecimal(open))
      throw new DomainError('ORDER_FILLED', {
        number: order.number,
        made: formatDecimal(made),
        quantity: formatDecimal(ordered),
        open: formatDecimal(parseDecimal(open)),
      });
    return wanted;
  }
}

async function isFree(tx: Tx, order: Order, code: string): Promise<void> {
  const unit = `${order.item} ${code}`;
  const other = await openBuildOf(tx, order.itemId, code);
  if (other)
    throw new DomainError('BUILD_UNDER_WAY', {
      unit,
      build: buildName(other.buildId),
      station: other.station ?? other.workCenter ?? other.place ?? 'another station',
    });
  const event = await madeBy(tx, order.itemId, code);
  if (event !== null) throw new DomainError('SERIAL_EXISTS', { unit, event });
}

/**
 * The code that was scanned for the parent: of a GS1 scan or a full name the serial or lot, and of the order's item. Any other text is
 * the code of a known unit of that item, or of a new one, unless something else bears it: a component scanned too early is no new bike.
 * Throws BUILD_WRONG_ITEM, BUILD_PART_AS_PARENT, BUILD_CODE_KNOWN.
 */
async function codeOf(
  tx: Tx,
  order: Order,
  lines: readonly BuildLine[],
  scan: string,
  accept: readonly string[],
): Promise<string> {
  const text = cleanText(scan);
  const isPart = (itemId: number) =>
    itemId !== order.itemId && lines.some((l) => l.itemId === itemId || l.substitutes.some((s) => s.itemId === itemId));
  const wrong = (itemId?: number, unit = text) =>
    itemId !== undefined && isPart(itemId)
      ? asParent(order, unit, text)
      : new DomainError('BUILD_WRONG_ITEM', { unit, item: order.item, number: order.number });
  const gs1 = scanName(scan);
  if (!('error' in gs1)) {
    const items = await itemsByGtin(tx, [gs1.gtin]);
    if (!items.some((item) => item.itemId === order.itemId) || gs1.kind !== order.tracking)
      throw wrong(items[0]?.itemId, items[0] && `${items[0].code} ${gs1.code}`);
    return gs1.code;
  }
  const natural = /^([^~]+)~(serial|lot)~(.+)$/s.exec(text);
  if (natural) {
    if (natural[1] !== order.item || natural[2] !== order.tracking)
      throw wrong((await itemsByCode(tx, [natural[1]!])).get(natural[1]!)?.itemId, `${natural[1]} ${natural[3]}`);
    return natural[3]!;
  }
  if (text === '' || text.length > 100) throw wrong();
  const known = (await unitsScanned(tx, scan)).filter((unit) => unit.kind !== 'run');
  const own = known.filter((unit) => unit.itemId === order.itemId && unit.kind === order.tracking);
  if (own.length === 1) return own[0]!.code;
  if (own.length > 1) return text;
  const part = known.find((unit) => isPart(unit.itemId));
  if (part) throw asParent(order, label(part), text);
  if (known[0] && !accept.includes('BUILD_CODE_KNOWN'))
    throw new DomainError('BUILD_CODE_KNOWN', { scan: text, unit: known.map(label).join(', '), item: order.item });
  return text;
}

const label = (unit: UnitIdentity): string => `${unit.item} ${unit.code}`;

function asParent(order: Order, unit: string, text: string): DomainError {
  const code = text.slice(text.lastIndexOf('~') + 1);
  return new DomainError('BUILD_PART_AS_PARENT', {
    unit,
    item: order.item,
    full: `${order.item}~${order.tracking}~${code}`,
  });
}

/** The next code of the order's own counter that nothing has yet. */
async function freeCode(tx: Tx, order: Order): Promise<string> {
  for (;;) {
    const code = serialOf(order.serialPattern, await nextSerial(tx, order.orderId));
    const taken = (await unitExists(tx, order.itemId, code)) || (await openBuildOf(tx, order.itemId, code));
    if (!taken) return code;
  }
}
