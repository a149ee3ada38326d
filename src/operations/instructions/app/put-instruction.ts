import { Injectable } from '@nestjs/common';
import { canonicalJson, DomainError, parsePeriod } from '@/kernel';
import { findUnit, readUnitName, unitNamed, type UnitNamed } from '@/ledger';
import { Settings } from '@/platform/config';
import { type Context, RaceLost, type Tx, UnitOfWork } from '@/platform/db';
import { itemsByCode } from '@/reference/catalog';
import { Fields } from '@/reference/master';
import { partnersByCode } from '@/reference/partners';
import { placesByCode } from '@/reference/places';
import { oneSubject, type Severity } from '../domain/instruction';
import { instructionByCode } from '../queries';

export interface InstructionInput {
  title: string;
  text?: string;
  severity: Severity;
  acknowledge?: boolean;
  about: { item?: string; unit?: UnitNamed | string; place?: string; customer?: string; category?: string };
  validFrom?: string;
  validUntil?: string;
  untilRef?: string;
}

interface Columns {
  title: string;
  body: string;
  severity: Severity;
  acknowledge: boolean;
  item_id: number | null;
  unit_id: number | null;
  place_id: number | null;
  partner_id: number | null;
  category: string | null;
  from_ms: number | null;
  until_ms: number | null;
  until_ref: string | null;
}

const COLUMNS = `title, body, severity, acknowledge, item_id, unit_id, place_id, partner_id, category, from_ms, until_ms, until_ref`;

/** Creates or changes an instruction by its code. Each change is a version of its own, which must be acknowledged anew. */
@Injectable()
export class PutInstruction {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  /** The same content again changes nothing; a retired one that is put again counts again. */
  execute(ctx: Context, code: string, input: InstructionInput): Promise<void> {
    const fields = new Fields({ code, title: input.title, text: input.text, untilRef: input.untilRef }, [
      'code',
      'title',
      'text',
      'untilRef',
    ]);
    const key = fields.code('code');
    const { fromMs, untilMs } = this.validity(input);
    return this.uow.run(ctx, async (tx) => {
      const after: Columns = {
        title: fields.required('title', 200),
        body: fields.optional('text', 4_000) ?? '',
        severity: input.severity,
        acknowledge: input.acknowledge ?? false,
        ...(await subjectOf(tx, input.about)),
        from_ms: fromMs,
        until_ms: untilMs,
        until_ref: fields.optional('untilRef', 100) ?? null,
      };
      const [before] = await tx.query<Columns & { retired: boolean }>(
        `SELECT ${COLUMNS}, retired_at IS NOT NULL AS retired FROM instruction WHERE code = $1 FOR UPDATE`,
        [key],
      );
      if (before && !before.retired && canonicalJson(after) === canonicalJson({ ...before, retired: undefined }))
        return;
      const shownBefore = before ? await instructionByCode(tx, key, Date.now()) : undefined;
      const values: unknown[] = [key, tx.ctx.actor, ...Object.values<unknown>({ ...after })];
      const stored = await tx.query(
        before
          ? `UPDATE instruction SET (${COLUMNS}) = ($3, $4, $5, $6, $7::int, $8::int, $9::int, $10::int, $11, $12::bigint, $13::bigint, $14),
               version = version + 1, changed_at = now(), changed_by = $2, retired_at = NULL, retired_by = NULL, retired_reason = NULL
             WHERE code = $1 RETURNING instruction_id`
          : `INSERT INTO instruction (code, changed_by, ${COLUMNS})
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             ON CONFLICT (code) DO NOTHING RETURNING instruction_id`,
        values,
      );
      // Another made it at this moment: try again, and see theirs.
      if (stored.length === 0) throw new RaceLost(`instruction ${key}`);
      await tx.audit({
        action: before ? 'change-instruction' : 'create-instruction',
        subject: `instruction:${key}`,
        ...(shownBefore && { before: shownBefore }),
        after: await instructionByCode(tx, key, Date.now()),
      });
    });
  }

  /** A date-only end is the end of that day. */
  private validity({ validFrom, validUntil }: InstructionInput): { fromMs: number | null; untilMs: number | null } {
    const zone = this.settings.timeZone;
    const fromMs = validFrom === undefined ? null : parsePeriod(validFrom, zone, 'validFrom').from;
    const end = validUntil === undefined ? null : parsePeriod(validUntil, zone, 'validUntil');
    const untilMs = end && (end.coarse ? end.until : end.from);
    if (fromMs !== null && untilMs !== null && fromMs >= untilMs)
      throw new DomainError('TIME_RANGE', { from: validFrom, until: validUntil });
    return { fromMs, untilMs };
  }
}

const NOBODY = { item_id: null, unit_id: null, place_id: null, partner_id: null, category: null };

/** Throws UNKNOWN_ITEM, UNIT_UNKNOWN, UNKNOWN_PLACE, UNKNOWN_PARTNER, FIELD_INVALID. */
async function subjectOf(
  tx: Tx,
  about: InstructionInput['about'],
): Promise<Pick<Columns, 'item_id' | 'unit_id' | 'place_id' | 'partner_id' | 'category'>> {
  switch (oneSubject({ ...about })) {
    case 'item': {
      const item = (await itemsByCode(tx, [about.item!])).get(about.item!);
      if (!item) throw new DomainError('UNKNOWN_ITEM', { item: about.item });
      return { ...NOBODY, item_id: item.itemId };
    }
    case 'unit': {
      const unit =
        typeof about.unit === 'string'
          ? await findUnit(tx, about.unit)
          : await unitNamed(tx, readUnitName(about.unit!, 'about.unit'));
      return { ...NOBODY, unit_id: unit.unitId };
    }
    case 'place': {
      const place = (await placesByCode(tx, [about.place!])).get(about.place!);
      if (!place) throw new DomainError('UNKNOWN_PLACE', { place: about.place });
      return { ...NOBODY, place_id: place.placeId };
    }
    case 'customer': {
      const partner = (await partnersByCode(tx, [about.customer!])).get(about.customer!);
      if (!partner) throw new DomainError('UNKNOWN_PARTNER', { partner: about.customer });
      return { ...NOBODY, partner_id: partner.partnerId };
    }
    case 'category':
      return { ...NOBODY, category: about.category! };
  }
}
