/** What the screens of production show: orders with what the facts say of them, builds with what is still open. */
import { formatDecimal, formatTime, parseDecimal } from '@/kernel';
import { unitRef } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { Build, BuildFilter, buildName, listBuilds, Part, partsOf } from './db/builds';
import { CenterRun, Load, loadsIn, runsOfCenters, WorkCenter } from './db/work-centers';
import { listOrders, Order, orderCounts, OrderCounts, OrderFilter } from './db/orders';
import { LineState, lineStates, openInWords, takes, TakenPart } from './domain/judge';
import { mayDo } from './domain/order-states';

const amount = (value: string, uom: string) => ({ value: formatDecimal(parseDecimal(value)), uom });

// ------------------------------------------------------------ orders

function orderView(order: Order, counts: OrderCounts, open: number) {
  return {
    number: order.number,
    kind: order.kind,
    item: order.item,
    name: order.itemName,
    tracking: order.tracking,
    quantity: amount(order.quantity, order.uom),
    /** the named revision; null: the one in force at the planned time */
    revision: order.revision,
    planned: formatTime(order.plannedMs),
    due: formatTime(order.dueMs),
    workCenter: order.workCenter,
    place: order.place,
    customer: order.customer,
    salesOrder: order.salesOrder,
    serialPattern: order.serialPattern,
    openLines: order.openLines,
    state: order.state,
    reason: order.reason,
    note: order.note,
    createdAt: order.createdAt.toISOString(),
    createdBy: order.createdBy,
    closedAt: order.closedAt?.toISOString() ?? null,
    produced: { value: formatDecimal(counts.produced), uom: order.uom },
    scrapped: { value: formatDecimal(counts.scrapped), uom: order.uom },
    partsScrapped: counts.partsScrapped,
    reworked: counts.reworked,
    buildsOpen: open,
    may: mayDo(order.state),
  };
}
export type OrderView = ReturnType<typeof orderView>;

export async function viewOrders(q: Queryable, orders: readonly Order[]): Promise<OrderView[]> {
  if (orders.length === 0) return [];
  const counts = await orderCounts(q, orders);
  const open = new Map(
    (
      await q.query<{ work_order_id: number; n: number }>(
        `SELECT work_order_id, count(*)::int AS n FROM build WHERE work_order_id = ANY ($1::int[]) AND state IN ('open', 'parked') GROUP BY work_order_id`,
        [orders.map((o) => o.orderId)],
      )
    ).map((row) => [row.work_order_id, row.n]),
  );
  return orders.map((order) => orderView(order, counts.get(order.number)!, open.get(order.orderId) ?? 0));
}

export async function viewOrder(q: Queryable, order: Order): Promise<OrderView> {
  return (await viewOrders(q, [order]))[0]!;
}

export async function ordersPage(q: Queryable, filter: OrderFilter, before: number | null, size: number) {
  const rows = await listOrders(q, filter, before, size + 1);
  const views = await viewOrders(q, rows.slice(0, size));
  return { views, last: rows.length > size ? rows[size - 1]!.orderId : null };
}

// ------------------------------------------------------------ builds

/** The runs at a build's work centre, with what is in them; none where the work centre's builds take nothing from runs. */
export interface BuildRun extends CenterRun {
  loads: Load[];
}

export async function runsAt(q: Queryable, workCenterIds: readonly number[]): Promise<BuildRun[]> {
  const runs = workCenterIds.length > 0 ? await runsOfCenters(q, workCenterIds) : [];
  const ids = runs.flatMap((run) => (run.unitId === null ? [] : [run.unitId]));
  const loads = ids.length > 0 ? await loadsIn(q, ids) : [];
  return runs.map((run) => ({ ...run, loads: loads.filter((load) => load.parentId === run.unitId) }));
}

export function takenParts(parts: readonly Part[]): TakenPart[] {
  return parts.map((part) => ({ ...part, quantity: part.quantity === null ? null : parseDecimal(part.quantity) }));
}

/** The items that are loaded on the runs that a build takes in. */
export function loadedItems(build: Build, runs: readonly BuildRun[]): Set<number> {
  return new Set(
    build.takesRuns && build.state !== 'abandoned' ? runs.flatMap((r) => r.loads.map((l) => l.itemId)) : [],
  );
}

export interface BuildNow {
  build: Build;
  parts: Part[];
  runs: BuildRun[];
  states: LineState[];
}

export async function buildNow(q: Queryable, build: Build): Promise<BuildNow> {
  const parts = await partsOf(q, [build.buildId]);
  const runs = build.workCenterId === null || build.state !== 'open' ? [] : await runsAt(q, [build.workCenterId]);
  return { build, parts, runs, states: lineStates(build.lines, takenParts(parts), loadedItems(build, runs)) };
}

const partView = (part: Part, states: readonly LineState[]) => {
  const line = states.find((s) => s.line === part.line);
  return {
    part: part.partId,
    id: `u${part.unitId}`,
    unit: unitRef(part.item, part.kind, part.code),
    position: part.position,
    quantity: part.quantity === null ? null : amount(part.quantity, part.uom),
    certainty: part.certainty,
    via: part.via,
    substituteFor: line && part.kind !== 'run' && line.itemId !== part.itemId ? line.item : null,
  };
};

export function runView(run: BuildRun) {
  return {
    unit: unitRef(run.item, 'run', run.code),
    id: run.unitId === null ? null : `u${run.unitId}`,
    position: run.position,
    loads: run.loads.map((load) => ({
      id: `u${load.unitId}`,
      unit: unitRef(load.item, load.kind, load.code),
      position: load.position,
      quantity: load.quantity === null ? null : amount(load.quantity, load.uom),
      since: formatTime(load.sinceMs),
    })),
  };
}

export function buildView({ build, parts, runs, states }: BuildNow) {
  return {
    id: buildName(build.buildId),
    workOrder: build.order,
    item: build.item,
    name: build.itemName,
    unit: unitRef(build.item, build.kind, build.code),
    quantity: amount(build.quantity, build.uom),
    revision: build.revision,
    state: build.state,
    openLines: build.openLines,
    workCenter: build.workCenter,
    place: build.place,
    station: build.station,
    operator: build.operator,
    startedAt: build.startedAt.toISOString(),
    startedBy: build.startedBy,
    endedAt: build.endedAt?.toISOString() ?? null,
    reason: build.reason,
    event: build.eventClientId,
    lines: states.map((s) => ({
      line: s.line,
      item: s.item,
      name: s.name,
      tracking: s.tracking,
      position: s.position,
      needed: amount(s.needed, s.uom),
      filled: { value: formatDecimal(s.filled), uom: s.uom },
      open: { value: formatDecimal(s.open), uom: s.uom },
      substitutes: s.substitutes.map((sub) => sub.item),
      parts: parts.filter((part) => part.line === s.line).map((part) => partView(part, states)),
      loaded: build.takesRuns
        ? runs.flatMap((run) =>
            run.loads
              .filter((load) => takes(s).includes(load.itemId))
              .map((load) => ({
                id: `u${load.unitId}`,
                unit: unitRef(load.item, load.kind, load.code),
                run: unitRef(run.item, 'run', run.code),
              })),
          )
        : [],
    })),
    runs: build.takesRuns ? runs.map(runView) : [],
    complete: states.every((s) => s.open === 0n),
    open: openInWords(states),
  };
}
export type BuildView = ReturnType<typeof buildView>;

export async function viewBuild(q: Queryable, build: Build): Promise<BuildView> {
  return buildView(await buildNow(q, build));
}

/** Builds as a list shows them: how far they are, without their lines. */
export async function buildsPage(q: Queryable, filter: BuildFilter, before: number | null, size: number) {
  const rows = await listBuilds(q, filter, before, size + 1);
  const shown = rows.slice(0, size);
  const parts = await partsOf(
    q,
    shown.map((b) => b.buildId),
  );
  const centers = [...new Set(shown.flatMap((b) => (b.takesRuns && b.state === 'open' ? [b.workCenterId!] : [])))];
  const runs = await runsAt(q, centers);
  const views = shown.map((build) => {
    const own = parts.filter((part) => part.buildId === build.buildId);
    const at = runs.filter((run) => run.workCenterId === build.workCenterId);
    const {
      lines: _,
      runs: _runs,
      ...view
    } = buildView({
      build,
      parts: own,
      runs: at,
      states: lineStates(build.lines, takenParts(own), loadedItems(build, at)),
    });
    return { ...view, parts: own.length };
  });
  return { views, last: rows.length > size ? shown.at(-1)!.buildId : null };
}

// ------------------------------------------------------------ work centres

export async function viewCenters(q: Queryable, centers: readonly WorkCenter[]) {
  const runs = await runsAt(
    q,
    centers.map((c) => c.workCenterId),
  );
  return centers.map((center) => ({
    workCenter: center.code,
    name: center.name,
    place: center.place,
    takesRuns: center.takesRuns,
    runs: runs.filter((run) => run.workCenterId === center.workCenterId).map(runView),
  }));
}
