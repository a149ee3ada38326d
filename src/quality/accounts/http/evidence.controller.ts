import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '@/platform/auth';
import { Database } from '@/platform/db';
import { drillPlan, recallByKey, signaturesOf, stepsOf } from '@/quality/recalls';
import { Reconcile } from '../app/reconcile';
import { ReadStatus } from '../app/read-status';
import type { ClockName, ClockView } from '../domain/clocks';
import { checksPage, drawsOf } from '../queries/checks';
import { drillResults } from '../queries/drills';

const CHECKS_MAX = 1_000;

/** Whole minutes from the start to the end of a clock; null while it runs. */
function minutes(clocks: readonly ClockView[], clock: ClockName): number | null {
  const found = clocks.find((one) => one.clock === clock);
  if (found?.startedAt == null || found.doneAt === null) return null;
  return Math.ceil((Date.parse(found.doneAt) - Date.parse(found.startedAt)) / 60_000);
}

@ApiTags('recalls')
@Controller()
export class EvidenceController {
  constructor(
    private readonly database: Database,
    private readonly reconcile: Reconcile,
    private readonly read: ReadStatus,
  ) {}

  @Get('drills/trend')
  @RequirePermission('recalls:read')
  @ApiOperation({
    summary: 'How the last drills went: minutes to scope, holds, notices and end, and percent accounted for',
  })
  async trend() {
    const now = Date.now();
    const data = (await drillResults(this.database)).map(({ clocks: of, openedAt, percent, missing, ...picked }) => {
      const { recall, title, state, clocks } = this.read.view(of, now);
      return {
        recall,
        title,
        state,
        openedAt,
        ...picked,
        minutes: {
          scope: minutes(clocks, 'scope'),
          holds: minutes(clocks, 'holds'),
          notices: minutes(clocks, 'notices'),
          accounted: minutes(clocks, 'accounted'),
        },
        percent,
        missing,
        /** null while it runs and nothing is late */
        met: clocks.some((one) => one.state === 'late' || one.state === 'breached')
          ? false
          : clocks.every((one) => one.state === 'kept')
            ? percent === 100
            : null,
      };
    });
    return { data, nextCursor: null };
  }

  @Get('recalls/:recall/evidence')
  @RequirePermission('recalls:read')
  @Header('content-disposition', 'attachment; filename="evidence.json"')
  @ApiOperation({
    summary: 'What an auditor takes along, in one file: plan, clocks, steps, signatures, account, checks, status',
  })
  async evidence(@Param('recall') key: string) {
    const recall = await recallByKey(this.database, key);
    const { recallId, title, drill, state, level, version } = recall;
    return {
      madeAt: new Date().toISOString(),
      recall: recall.key,
      title,
      drill,
      state,
      level,
      version,
      plan: (await drillPlan(this.database, recallId)) ?? null,
      clocks: await this.read.clocks(recall.key),
      steps: await stepsOf(this.database, recallId),
      signatures: await signaturesOf(this.database, recallId),
      reconciliation: await this.reconcile.execute(recall),
      draws: await drawsOf(this.database, recallId),
      checks: (await checksPage(this.database, recallId, undefined, CHECKS_MAX)).data,
      status: await this.read.status(recall, undefined),
    };
  }
}
