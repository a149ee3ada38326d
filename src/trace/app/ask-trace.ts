import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, parseDecimal, parsePeriod } from '@/kernel';
import { scanName, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import { Context, Database, UnitOfWork } from '@/platform/db';
import { Outbox } from '@/platform/outbox';
import { itemsByCode, itemsByGtin } from '@/reference/catalog';
import type { At } from '../engine';
import type { Barrier, Certainty, Direction, ResolvedSeed, Source, StoredQuestion, UnitKind } from '../domain/question';
import { unitRefOf, unitText } from '../domain/question';
import { checkRoomInQueue, priorityNumber, TracePriority } from './trace-queue';

export interface SeedInput {
  unit: { item?: string; lot?: string; serial?: string; run?: string; scan?: string };
  from?: string;
  until?: string;
}

export interface QuestionInput {
  direction: Direction;
  seeds: SeedInput[];
  at?: string;
  certainty?: Certainty;
  barriers?: { item?: string; inspection?: string }[];
  thresholdShare?: string;
  justification?: string;
  ledgerPosition?: number;
  /** default auto */
  source?: Source;
  /** whose turn comes first; default normal */
  priority?: TracePriority;
}

interface Named {
  item: string;
  kind: UnitKind;
  code: string;
}

/** Writes a question down at the position of the moment it is asked, and puts it on the queue, in one transaction. */
@Injectable()
export class AskTrace {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly outbox: Outbox,
    private readonly settings: Settings,
  ) {}

  /** The trace's id. Throws what is wrong with the question: an empty success would be taken for "nothing is affected". */
  async execute(ctx: Context, input: QuestionInput): Promise<string> {
    this.checkDirection(input);
    this.checkThreshold(input);
    if (!input.seeds?.length) throw new DomainError('SEEDS_REQUIRED');
    const at = this.at(input.at);
    const windows = input.seeds.map((seed, i) => this.window(seed, `seeds[${i}]`));

    // Everything committed before the question is at or below this position.
    const newest = await sealLedger(this.uow);
    const position = input.ledgerPosition ?? newest;
    if (position > newest) throw new DomainError('POSITION_AHEAD', { position: newest, asked: position });

    const seeds = await this.seeds(input.seeds, windows, position);
    const barriers = await this.barriers(input.barriers ?? []);
    const question: StoredQuestion = {
      asked: {
        direction: input.direction,
        seeds: seeds.asked.map((s, i) => ({
          id: `u${s.unitId}`,
          unit: unitRefOf(s.item, s.kind, s.code),
          from: input.seeds[i]!.from ?? null,
          until: input.seeds[i]!.until ?? null,
        })),
        at: input.at ?? 'ever',
        certainty: input.certainty ?? 'possible',
        barriers: barriers.asked,
        thresholdShare: input.thresholdShare ?? null,
        justification: input.justification ?? null,
        source: input.source ?? 'auto',
        ledgerPosition: input.ledgerPosition ?? null,
      },
      resolved: {
        direction: input.direction,
        seeds: seeds.resolved,
        at,
        certainty: input.certainty ?? 'possible',
        barrierItems: barriers.items,
        barrierInspections: barriers.inspections,
        ...(input.thresholdShare === undefined ? {} : { thresholdShare: input.thresholdShare }),
      },
    };
    const id = randomUUID();
    await this.uow.run(ctx, async (tx) => {
      await checkRoomInQueue(tx, ctx.actor, this.settings.tracesQueuedPerUserMax);
      const priority = priorityNumber(input.priority ?? 'normal');
      await tx.query(
        `INSERT INTO trace (trace_id, status, question, position, created_at, created_by, request_id, priority)
         VALUES ($1, 'queued', $2, $3, clock_timestamp(), $4, $5, $6)`,
        [id, JSON.stringify(question), position, ctx.actor, ctx.requestId ?? null, priority],
      );
      await tx.audit({ action: 'ask-trace', subject: `trace:${id}`, after: { ...question.asked, position } });
      await this.outbox.enqueue(tx, 'trace', id);
    });
    return id;
  }

  /** A limit leaves units out of a recall: whoever sets one says why. */
  private checkThreshold({ thresholdShare, justification }: QuestionInput): void {
    if (thresholdShare === undefined) return;
    const share = /^\d{1,3}(\.\d{1,9})?$/.test(thresholdShare) ? parseDecimal(thresholdShare) : 0n;
    if (share <= 0n || share > parseDecimal('1'))
      throw new DomainError('FIELD_INVALID', {
        field: 'thresholdShare',
        reason: 'must be a decimal string above 0 and up to 1, with at most nine decimals, such as "0.001".',
      });
    if (!justification?.trim()) throw new DomainError('JUSTIFICATION_REQUIRED');
  }

  private checkDirection(input: QuestionInput): void {
    if (input.direction === 'forward') return;
    const field =
      input.at !== undefined && input.at !== 'ever'
        ? 'at'
        : (input.barriers?.length ?? 0) > 0
          ? 'barriers'
          : input.thresholdShare !== undefined
            ? 'thresholdShare'
            : null;
    if (field) throw new DomainError('FORWARD_ONLY', { field });
  }

  private at(at: string | undefined): At {
    if (at === undefined || at === 'ever') return { kind: 'ever' };
    if (at === 'shipment') return { kind: 'shipment' };
    const { from, until } = parsePeriod(at, this.settings.timeZone, 'at');
    return { kind: 'period', from, until };
  }

  /** A date alone begins with its first millisecond, and ends with its last. */
  private window(seed: SeedInput, path: string): [number | null, number | null] {
    const read = (value: string, field: string) => parsePeriod(value, this.settings.timeZone, `${path}.${field}`);
    const from = seed.from === undefined ? null : read(seed.from, 'from').from;
    const end = seed.until === undefined ? null : read(seed.until, 'until');
    const until = end && (end.coarse ? end.until : end.from);
    if (from !== null && until !== null && from >= until)
      throw new DomainError('TIME_RANGE', { from: seed.from, until: seed.until });
    return [from, until];
  }

  private async seeds(
    inputs: readonly SeedInput[],
    windows: readonly [number | null, number | null][],
    position: number,
  ): Promise<{ asked: ResolvedSeed[]; resolved: ResolvedSeed[] }> {
    const names = await this.names(inputs);
    const rows = await this.db.query<{ n: number; unit_id: number }>(
      `SELECT x.n::int AS n, u.unit_id
         FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS x (item, kind, code, n)
         JOIN item i ON i.code = x.item
         JOIN unit u ON u.item_id = i.item_id AND u.code = x.code AND u.kind = x.kind
         JOIN ledger_position p ON p.batch_id = u.batch_id AND p.position <= $4`,
      [names.map((n) => n.item), names.map((n) => n.kind), names.map((n) => n.code), position],
    );
    const ids = new Map(rows.map((r) => [r.n - 1, r.unit_id]));
    const asked: ResolvedSeed[] = [];
    const resolved = new Map<number, ResolvedSeed>();
    for (const [i, name] of names.entries()) {
      const unitId = ids.get(i);
      if (unitId === undefined)
        throw new DomainError('SEED_UNKNOWN', { unit: unitText(name.item, name.kind, name.code), position });
      asked.push({ ...name, unitId, windows: [windows[i]!] });
      const known = resolved.get(unitId);
      if (known) known.windows.push(windows[i]!);
      else resolved.set(unitId, { ...name, unitId, windows: [windows[i]!] });
    }
    return { asked, resolved: [...resolved.values()] };
  }

  private async names(inputs: readonly SeedInput[]): Promise<Named[]> {
    const gtins: string[] = [];
    const read = inputs.map(({ unit }, i) => {
      const path = `seeds[${i}].unit`;
      if (unit.scan !== undefined) {
        if (unit.item ?? unit.lot ?? unit.serial ?? unit.run)
          throw new DomainError('FIELD_INVALID', {
            field: path,
            reason: 'give either "scan" or "item" with its code.',
          });
        const name = scanName(unit.scan);
        if ('error' in name) throw new DomainError('SCAN_UNREADABLE', { scan: unit.scan, reason: name.error });
        gtins.push(name.gtin);
        return name;
      }
      const kinds = (['serial', 'lot', 'run'] as const).filter((k) => unit[k] !== undefined);
      const kind = kinds[0];
      if (unit.item === undefined || kind === undefined || kinds.length > 1)
        throw new DomainError('FIELD_INVALID', {
          field: path,
          reason: 'name the unit by "item" and exactly one of "serial", "lot" or "run".',
        });
      return { item: unit.item.trim(), kind, code: unit[kind]!.trim() };
    });
    const items = gtins.length > 0 ? await itemsByGtin(this.db, gtins) : [];
    return read.map((name) => {
      if ('item' in name) return name;
      const item = items.find((known) => known.gtin === name.gtin.padStart(14, '0'));
      if (!item) throw new DomainError('UNKNOWN_ITEM', { item: `GTIN ${name.gtin}` });
      return { item: item.code, kind: name.kind, code: name.code };
    });
  }

  private async barriers(inputs: readonly { item?: string; inspection?: string }[]) {
    const asked: Barrier[] = [];
    const inspections = new Set<string>();
    const codes = new Set<string>();
    for (const [i, { item, inspection }] of inputs.entries()) {
      if ((item === undefined) === (inspection === undefined))
        throw new DomainError('FIELD_INVALID', {
          field: `barriers[${i}]`,
          reason: 'name either an item or an inspection.',
        });
      if (item !== undefined) {
        codes.add(item);
        asked.push({ item });
      } else {
        inspections.add(inspection!);
        asked.push({ inspection: inspection! });
      }
    }
    const items = codes.size > 0 ? await itemsByCode(this.db, [...codes]) : new Map<string, { itemId: number }>();
    return {
      asked,
      inspections: [...inspections],
      items: [...codes].map((item) => {
        const known = items.get(item);
        if (!known) throw new DomainError('UNKNOWN_ITEM', { item });
        return { itemId: known.itemId, item };
      }),
    };
  }
}
