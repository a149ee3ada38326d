import type { ClientBase } from 'pg';
import {
  COPIED_CAUSES,
  copyEnds,
  copyExpiries,
  copyHolds,
  copyLinks,
  copyMovements,
  copyUnits,
  dividedIntoMore,
  eventTypesOf,
  itemsAt,
  LinkEnd,
  linkParts,
  noInputsGap,
  producedWithoutInputs,
  RecordedLink,
  splitMoreGap,
  unitGaps,
  type UnitStory,
  usesToTell,
  withTypes,
} from '@/ledger';
import type { Queryable } from '@/platform/db';
import { CONSUME, INSTALL, isCoarse, LinkColumns, QUANTITY_UNKNOWN, widened } from '../engine';
import { unitText } from '../domain/question';
import { storyOf } from '../app/read-facts';
import { UNIT_KINDS } from '../app/answer';
import { foldMoved } from '../app/stories';
import { ColumnsBuilder, textAt } from '../app/unit-columns';
import { Base, buffersOf } from './base';
import { copyRows, CopyRow } from './binary-copy';
import { Movements } from './load-movements';

export interface LoadOptions {
  position: number;
  /** the load gives up above this */
  bytesMax: number;
  signal?: AbortSignal | undefined;
  /** share of links that can be added before the columns must grow */
  headroom?: number;
}

/** The plant needs more memory than the index may take. */
export class IndexTooLarge extends Error {
  constructor(
    readonly bytes: number,
    readonly bytesMax: number,
  ) {
    super(`The index would take more than the ${bytesMax} bytes that INDEX_BYTES_MAX allows.`);
  }
}

/** Reads the whole genealogy at a position by binary COPY and builds the base of an index of it. */
export async function loadBase(client: ClientBase, options: LoadOptions): Promise<Base> {
  return new Loader(client, options).load();
}

const NO_LINKS: readonly RecordedLink[] = [];
const NO_HOLDS: readonly { atMs: number; releasedMs: number | null; reason: string }[] = [];

class Loader {
  private readonly startedAt = Date.now();
  private readonly q: Queryable;
  private unitCount = 0;

  constructor(
    private readonly client: ClientBase,
    private readonly options: LoadOptions,
  ) {
    this.q = {
      query: async <R>(sql: string, params?: unknown[]) => (await client.query(sql, params)).rows as R[],
    };
  }

  async load(): Promise<Base> {
    const { position } = this.options;
    const units = await this.units();
    const movements = await this.movements();
    const ends = await this.ends();
    const holds = await this.holds();
    const expiries = await this.expiries();
    const items = await itemsAt(this.q, position, [...new Set(units.itemId)]);
    const { links, odd } = await this.links(movements, ends);
    const builder = new ColumnsBuilder(this.unitCount);
    const names = {
      unit: (id: number) => {
        const item = items.get(units.itemId[id]!)!;
        return { kind: UNIT_KINDS[units.kind[id]!]!, uom: item.uom };
      },
      text: (id: number) =>
        unitText(
          items.get(units.itemId[id]!)!.code,
          UNIT_KINDS[units.kind[id]!]!,
          textAt({ bytes: units.text, offset: units.textOffset }, id),
        ),
    };
    const wide = new Set<number>();
    const untold = new Map<number, UnitStory>();
    for (let id = 0; id < this.unitCount; id++) {
      if (units.known[id] === 0) {
        builder.skip(id);
        continue;
      }
      const kind = UNIT_KINDS[units.kind[id]!]!;
      builder.identity(id, {
        unitId: id,
        itemId: units.itemId[id]!,
        kind: units.kind[id]!,
        code: textAt({ bytes: units.text, offset: units.textOffset }, id),
      });
      if (movements.isWide(id)) wide.add(id);
      const moved = movements.of(id);
      builder.fold(
        id,
        foldMoved(moved, kind, (i) => movements.documentOf(id, i)),
      );
      const own = holds.get(id) ?? NO_HOLDS;
      const story = storyOf(names, id, moved, odd.get(id) ?? NO_LINKS, own, expiries.get(id) ?? null);
      // Of hardly any unit it has to be asked what its uses were.
      if (usesToTell(story).length > 0) untold.set(id, story);
      else for (const gap of unitGaps(story)) builder.gap(id, gap);
    }
    const types = await eventTypesOf(this.q, [...new Set([...untold.values()].flatMap(usesToTell))]);
    for (const [id, story] of untold) for (const gap of unitGaps(withTypes(story, types))) builder.gap(id, gap);
    for (const gap of await producedWithoutInputs(this.q, position, null))
      builder.gap(gap.unitId, noInputsGap(names.text(gap.unitId), gap.at, gap.eventId));
    for (const more of await dividedIntoMore(this.q, position, null))
      builder.gap(more.unitId, splitMoreGap(names.text(more.unitId), more));
    const graph = this.graph(links);
    const base: Base = { position, graph, units: builder.build(), wide, bytes: 0, linkBytes: 0, loadMs: 0 };
    base.bytes = buffersOf(base).reduce((sum, b) => sum + b.byteLength, 0);
    const { input, output, mode, certain, source, event, inLink, outOffset, inOffset } = graph;
    base.linkBytes = [input, output, mode, certain, source, event].reduce(
      (sum, column) => sum + column.BYTES_PER_ELEMENT * graph.linkCount,
      inLink.byteLength + outOffset.byteLength + inOffset.byteLength,
    );
    base.loadMs = Date.now() - this.startedAt;
    this.checkSize(base.bytes);
    return base;
  }

  private checkSize(bytes: number): void {
    if (bytes > this.options.bytesMax) throw new IndexTooLarge(bytes, this.options.bytesMax);
  }

  private copy(sql: string, columns: number, onRow: (row: CopyRow) => void): Promise<number> {
    return copyRows(this.client, sql, columns, onRow, this.options.signal);
  }

  private async units() {
    const columns = {
      itemId: new Int32Array(1024),
      kind: new Uint8Array(1024),
      known: new Uint8Array(1024),
      text: new Uint8Array(16_384),
      textOffset: new Float64Array(1025),
    };
    let end = 0;
    let last = -1;
    await this.copy(copyUnits(this.options.position), 4, (row) => {
      const id = row.int4(0);
      if (id >= columns.itemId.length) {
        const size = Math.max(columns.itemId.length * 2, id + 1);
        this.checkSize(size * 80);
        for (const key of ['itemId', 'kind', 'known', 'textOffset'] as const)
          columns[key] = widened(columns[key], key === 'textOffset' ? size + 1 : size) as never;
      }
      for (let gap = last + 1; gap <= id; gap++) columns.textOffset[gap] = end;
      columns.itemId[id] = row.int4(1);
      columns.kind[id] = row.int4(2);
      columns.known[id] = 1;
      const size = row.size[3]!;
      if (end + size > columns.text.length) columns.text = widened(columns.text, (end + size) * 2);
      columns.text.set(row.bytes.subarray(row.at[3], row.at[3]! + size), end);
      end += size;
      columns.textOffset[id + 1] = end;
      last = id;
    });
    this.unitCount = last + 1;
    return columns;
  }

  private async movements(): Promise<Movements> {
    const movements = new Movements();
    await this.copy(copyMovements(this.options.position), 11, (row) => movements.add(row));
    this.checkSize(movements.length * 24);
    movements.sort(this.unitCount);
    return movements;
  }

  private async ends(): Promise<Map<number, LinkEnd>> {
    const ends = new Map<number, LinkEnd>();
    const known = (value: number) => (Number.isNaN(value) ? null : value);
    await this.copy(copyEnds(this.options.position), 6, (row) => {
      ends.set(row.int8(0), {
        cause: COPIED_CAUSES[row.int4(1)]!,
        from: known(row.int8(2)),
        until: known(row.int8(3)),
        sureUntil: known(row.int8(4)),
        maybeUntil: known(row.int8(5)),
      });
    });
    return ends;
  }

  private async holds(): Promise<Map<number, { atMs: number; releasedMs: number | null; reason: string }[]>> {
    const holds = new Map<number, { atMs: number; releasedMs: number | null; reason: string }[]>();
    await this.copy(copyHolds(this.options.position), 4, (row) => {
      const hold = { atMs: row.int8(1), releasedMs: row.isNull(2) ? null : row.int8(2), reason: row.text(3) };
      const own = holds.get(row.int4(0));
      if (own) own.push(hold);
      else holds.set(row.int4(0), [hold]);
    });
    return holds;
  }

  private async expiries(): Promise<Map<number, number>> {
    const expiries = new Map<number, number>();
    await this.copy(copyExpiries(this.options.position), 2, (row) => void expiries.set(row.int4(0), row.int8(1)));
    return expiries;
  }

  private async links(movements: Movements, ends: Map<number, LinkEnd>) {
    const links = new LinkRows();
    /** links that show a gap of their input: early draws, and ends that were not recorded */
    const odd = new Map<number, RecordedLink[]>();
    await this.copy(copyLinks(this.options.position), 11, (row) => {
      const linkId = row.int8(0);
      const input = row.int4(2);
      const mode = row.int2(4) as 0 | 1;
      const from = row.int8(6);
      const made = movements.firstMade(input);
      const end = mode === INSTALL ? ends.get(linkId) : undefined;
      const stated = row.int8(7, Infinity);
      const until = Number.isNaN(from) ? stated : Math.max(stated, from + 1);
      // Nearly all links stand as they were recorded: no objects are made for those.
      if (!end && (mode === INSTALL || Number.isNaN(made) || until > made)) {
        const start = Number.isNaN(from) ? -Infinity : from;
        links.add(row, linkId, mode, row.bool(5), start, until, row.int8(8, start), row.int8(9, until));
        return;
      }
      const known = (column: number) => (row.isNull(column) ? null : row.int8(column));
      const link: RecordedLink = {
        linkId,
        eventId: row.int8(1),
        input,
        output: row.int4(3),
        mode,
        certain: row.bool(5),
        from: known(6),
        statedUntil: known(7),
        sureFrom: known(8),
        sureUntil: known(9),
        quantity: null,
        slot: null,
        end: end ?? null,
      };
      for (const part of linkParts(link, Number.isNaN(made) ? undefined : made))
        links.add(row, linkId, mode, part.certain, part.from, part.until, part.sureFrom, part.sureUntil);
      if (mode === CONSUME || end?.cause === 'implied' || end?.cause === 'orphan') {
        const own = odd.get(input);
        if (own) own.push(link);
        else odd.set(input, [link]);
      }
      this.checkSize(links.length * 50);
    });
    return { links, odd };
  }

  /** Puts the links in the order of their inputs: a unit's links out lie side by side, and need no list of their own. */
  private graph(rows: LinkRows): Base['graph'] {
    const count = rows.length;
    const { unitCount } = this;
    const room = count + Math.max(1024, Math.ceil(count * (this.options.headroom ?? 0.125)));
    const outOffset = new Int32Array(unitCount + 1);
    for (let i = 0; i < count; i++) outOffset[rows.input[i]! + 1]!++;
    for (let u = 0; u < unitCount; u++) outOffset[u + 1]! += outOffset[u]!;
    const next = outOffset.slice(0, unitCount);
    const to = new Int32Array(count);
    for (let i = 0; i < count; i++) to[i] = next[rows.input[i]!]!++;
    const placed = <T extends Int32Array | Uint8Array | Uint32Array | Float64Array | BigInt64Array>(from: T): T => {
      const column = new (from.constructor as new (size: number) => T)(room);
      for (let i = 0; i < count; i++) column[to[i]!] = from[i]!;
      return column;
    };
    const columns: Required<LinkColumns> = {
      input: placed(rows.input),
      output: placed(rows.output),
      mode: placed(rows.mode),
      certain: placed(rows.certain),
      from: placed(rows.from),
      until: placed(rows.until),
      source: placed(rows.source),
      event: placed(rows.event),
      quantity: placed(rows.quantity),
      sureFrom: placed(rows.sureFrom),
      sureUntil: placed(rows.sureUntil),
    };
    const inOffset = new Int32Array(unitCount + 1);
    for (let k = 0; k < count; k++) inOffset[columns.output[k]! + 1]!++;
    for (let u = 0; u < unitCount; u++) inOffset[u + 1]! += inOffset[u]!;
    const nextIn = inOffset.slice(0, unitCount);
    const inLink = new Int32Array(count);
    for (let k = 0; k < count; k++) inLink[nextIn[columns.output[k]!]!++] = k;
    let hasPossible = false;
    let hasCoarse = false;
    for (let k = 0; k < count; k++) {
      if (columns.certain[k] === 0) hasPossible = true;
      if (!hasCoarse && isCoarse(columns, k)) hasCoarse = true;
    }
    if (!hasCoarse) {
      // Nothing is known by its day alone: the narrow reading is the wide one, and takes no room.
      columns.sureFrom = columns.from;
      columns.sureUntil = columns.until;
    }
    return {
      ...columns,
      unitCount,
      linkCount: count,
      outOffset,
      outLink: null,
      inOffset,
      inLink,
      hasPossible,
      hasCoarse,
    };
  }
}

/** Links as they come, in columns that grow. */
class LinkRows {
  length = 0;
  input = new Int32Array(1024);
  output = new Int32Array(1024);
  mode = new Uint8Array(1024);
  certain = new Uint8Array(1024);
  from = new Float64Array(1024);
  until = new Float64Array(1024);
  sureFrom = new Float64Array(1024);
  sureUntil = new Float64Array(1024);
  source = new Uint32Array(1024);
  event = new Uint32Array(1024);
  quantity = new BigInt64Array(1024);
  private halves = new Int32Array(this.quantity.buffer);

  add(
    row: CopyRow,
    linkId: number,
    mode: number,
    certain: boolean,
    from: number,
    until: number,
    sureFrom: number,
    sureUntil: number,
  ): void {
    if (this.length === this.input.length) this.grow();
    const event = row.int8(1);
    // A wrapped number would name another link: 4 billion links do not fit into one worker anyway.
    if (linkId > 0xffff_ffff || event > 0xffff_ffff) throw new IndexTooLarge(Infinity, 0);
    const n = this.length++;
    this.input[n] = row.int4(2);
    this.output[n] = row.int4(3);
    this.mode[n] = mode;
    this.certain[n] = certain ? 1 : 0;
    this.from[n] = from;
    this.until[n] = until;
    this.sureFrom[n] = sureFrom;
    this.sureUntil[n] = sureUntil;
    this.source[n] = linkId;
    this.event[n] = event;
    if (row.isNull(10)) this.quantity[n] = QUANTITY_UNKNOWN;
    else row.int8Into(10, this.halves, n);
  }

  private grow(): void {
    const size = this.length * 2;
    for (const key of ['input', 'output'] as const) this[key] = widened(this[key], size);
    for (const key of ['mode', 'certain'] as const) this[key] = widened(this[key], size);
    for (const key of ['from', 'until', 'sureFrom', 'sureUntil'] as const) this[key] = widened(this[key], size);
    for (const key of ['source', 'event'] as const) this[key] = widened(this[key], size);
    this.quantity = widened(this.quantity, size);
    this.halves = new Int32Array(this.quantity.buffer);
  }
}
