import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, parseDecimal, toBase } from '@/kernel';
import { identities, unitRef } from '@/ledger';
import { Context } from '@/platform/db';
import type { Queryable } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { buildByRef, buildName, insertParts, NewPart } from '../db/builds';
import { placesWithin, unitMeant } from '../db/units';
import { confirmed, propose, Proposal, Share } from '../domain/backflush';
import { judge, LineState, lineStates, takes, TakenPart } from '../domain/judge';
import { BuildNow, buildNow, BuildView, buildView, takenParts } from '../queries';
import { candidatesOf, hereOf } from './candidates';
import { Commands } from './commands';
import { offersFor } from './offers';
import { mustBeOpen } from './scan-part';

export interface BackflushInput {
  id: string;
  /** absent: all lines of which only one lot can be it */
  lines?: {
    line: number;
    /** split: as proposed, first to expire first; possible: any of them, nobody can tell which */
    how?: 'split' | 'possible';
    /** what was taken, where the person knows better */
    lots?: { scan: string; quantity: { value: string; uom: string } }[];
  }[];
}

interface LineProposal {
  state: LineState;
  proposal: Proposal;
  /** a feeder or vessel at the line that has it loaded */
  runs: { unitId: number; item: string; code: string; position: string | null; lots: string[] }[];
}

const LOTS_MAX = 50;

/** Takes bulk material (fluids, screws) by BOM quantity: from what is loaded at the line, else from the stock of the place. */
@Injectable()
export class Backflush {
  constructor(private readonly commands: Commands) {}

  /** Throws BUILD_STATE, BACKFLUSH_CHOICE, STOCK_SHORT and what else stands against a lot. */
  execute(ctx: Context, ref: string, input: BackflushInput): Promise<BuildView> {
    return this.commands.run(ctx, 'backflush', input.id, { ...input, build: ref }, async (tx) => {
      const build = await buildByRef(tx, ref, true);
      mustBeOpen(build, 'take material');
      const now = await buildNow(tx, build);
      const proposals = await proposalsOf(tx, now);
      const asked = input.lines ?? proposals.filter(isSure).map(({ state }) => ({ line: state.line }));
      const taken = takenParts(now.parts);
      for (const said of asked) {
        const found = proposals.find((p) => p.state.line === said.line);
        if (!found)
          throw new DomainError('LINE_FILLED', {
            item: `line ${said.line}`,
            open: now.states.length > 0 ? 'see the build' : '',
          });
        const parts = await this.partsOfLine(tx, now, found, said, taken);
        await insertParts(tx, build.buildId, parts);
        for (const part of parts)
          taken.push({
            unitId: part.unitId,
            itemId: found.state.itemId,
            line: part.line,
            position: part.position,
            quantity: part.quantity === null ? null : parseDecimal(part.quantity),
          });
      }
      await tx.audit({
        action: 'backflush',
        subject: `build:${buildName(build.buildId)}`,
        after: { lines: asked.map((line) => line.line) },
      });
      return buildView(await buildNow(tx, build));
    });
  }

  private async partsOfLine(
    q: Queryable,
    now: BuildNow,
    { state, proposal, runs }: LineProposal,
    said: NonNullable<BackflushInput['lines']>[number],
    taken: TakenPart[],
  ): Promise<NewPart[]> {
    const line = { line: state.line, position: state.position, via: 'backflush' as const, serial: false };
    // What is loaded at the line is in it, through the run: with several reels on, which one is not known, and the run says so.
    if (runs.length > 0 && said.how === undefined && !said.lots)
      return runs.map((run) => ({ ...line, via: 'run', unitId: run.unitId, quantity: null, certainty: 'certain' }));
    const lots = said.lots && (await sharesOf(q, said.lots));
    const { shares, certain } = confirmed(proposal, { item: state.item, how: said.how, lots });
    const units = await identities(
      q,
      shares.map((s) => s.unitId),
    );
    const nowMs = Date.now();
    const candidates = await candidatesOf(q, now.build.buildId, [...units.values()], nowMs);
    const here = await hereOf(q, now.build, candidates.values());
    const parts = [...taken];
    return shares.map(({ unitId, quantity }) => {
      const states = lineStates(now.build.lines, parts);
      judge(now.build.item, states, [], candidates.get(unitId)!, {
        line: state.line,
        position: undefined,
        quantity,
        accept: [],
        here,
        nowMs,
      });
      parts.push({ unitId, itemId: state.itemId, line: state.line, position: state.position, quantity });
      return { ...line, unitId, quantity: formatDecimal(quantity), certainty: certain ? 'certain' : 'possible' };
    });
  }
}

const isSure = ({ proposal, runs }: LineProposal): boolean => proposal.kind === 'sure' || runs.length > 0;

async function sharesOf(
  q: Queryable,
  lots: readonly { scan: string; quantity: { value: string; uom: string } }[],
): Promise<Share[]> {
  const shares: Share[] = [];
  for (const { scan, quantity } of lots) {
    const unit = await unitMeant(q, scan);
    const item = (await itemsById(q, [unit.itemId])).get(unit.itemId)!;
    shares.push({ unitId: unit.unitId, quantity: toBase(quantity.value, quantity.uom, { ...item, item: item.code }) });
  }
  return shares;
}

/** What may be in each open line of bulk material: the runs that have it loaded, and the lots in stock at the place. */
async function proposalsOf(q: Queryable, now: BuildNow): Promise<LineProposal[]> {
  const { build, states, runs } = now;
  const within = build.placeId === null ? null : new Set((await placesWithin(q, build.placeId)).values());
  const proposals: LineProposal[] = [];
  for (const state of states.filter((s) => s.tracking === 'lot' && s.open > 0n)) {
    const offers = (await offersFor(q, build, state, null, LOTS_MAX)).filter(
      (o) => o.why === 'same' && 'lot' in o.unit && (within === null || o.place === null || within.has(o.place)),
    );
    const sources = new Map<number, bigint | null>();
    for (const offer of offers) {
      const unitId = Number(offer.id.slice(1));
      const free = offer.quantity === null ? null : parseDecimal(offer.quantity.value);
      const before = sources.get(unitId);
      sources.set(unitId, before === undefined ? free : before === null || free === null ? null : before + free);
    }
    proposals.push({
      state,
      proposal: propose(
        state.open,
        [...sources].map(([unitId, free]) => ({ unitId, free })),
      ),
      runs: runs.flatMap((run) => {
        const loads = run.loads.filter((load) => takes(state).includes(load.itemId));
        return run.unitId !== null && loads.length > 0
          ? [
              {
                unitId: run.unitId,
                item: run.item,
                code: run.code,
                position: run.position,
                lots: loads.map((l) => l.code),
              },
            ]
          : [];
      }),
    });
  }
  return proposals;
}

/** The proposals as they are shown. */
export async function viewBackflush(q: Queryable, ref: string) {
  const now = await buildNow(q, await buildByRef(q, ref));
  const proposals = await proposalsOf(q, now);
  const units = await identities(
    q,
    proposals.flatMap(({ proposal }) => proposal.possible.map((s) => s.unitId)),
  );
  const shown = (uom: string) => (share: Share) => {
    const u = units.get(share.unitId)!;
    return {
      id: u.id,
      unit: unitRef(u.item, u.kind, u.code),
      quantity: { value: formatDecimal(share.quantity), uom },
    };
  };
  return {
    build: buildName(now.build.buildId),
    lines: proposals.map(({ state, proposal, runs }) => ({
      line: state.line,
      item: state.item,
      name: state.name,
      needed: { value: formatDecimal(state.open), uom: state.uom },
      kind: runs.length > 0 ? 'loaded' : proposal.kind,
      runs: runs.map((run) => ({ unit: unitRef(run.item, 'run', run.code), position: run.position, lots: run.lots })),
      split: proposal.split.map(shown(state.uom)),
      possible: proposal.possible.map(shown(state.uom)),
    })),
  };
}
