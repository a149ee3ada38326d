import { Module } from '@nestjs/common';
import { FillHoldings } from './app/fill-holdings';
import { RecordEvents } from './app/record-events';
import { SealTimer } from './app/seal';
import { RebuildCommand } from './cli/rebuild.command';
import { RootCommand } from './cli/root.command';
import { VerifyCommand } from './cli/verify.command';
import { ContainersController } from './http/containers.controller';
import { EventsController } from './http/events.controller';
import { GapsController } from './http/gaps.controller';
import { IntegrityController } from './http/integrity.controller';
import { SearchController } from './http/search.controller';
import { StockController } from './http/stock.controller';
import { UnitsController } from './http/units.controller';
import { IntegrityJobs } from './integrity/integrity.jobs';
import { IntegrityRuns } from './integrity/runs';
import { Projector } from './projections/projector';

@Module({ providers: [RecordEvents], exports: [RecordEvents] })
export class LedgerModule {}

/** The ledger with its routes and the timer that seals: loaded by the api. */
@Module({
  imports: [LedgerModule],
  providers: [FillHoldings, SealTimer, IntegrityRuns],
  controllers: [
    ContainersController,
    EventsController,
    StockController,
    UnitsController,
    GapsController,
    SearchController,
    IntegrityController,
  ],
})
export class LedgerHttpModule {}

/** What follows the ledger by position, and its verification: loaded by the worker. */
@Module({ providers: [Projector, IntegrityRuns, IntegrityJobs] })
export class LedgerJobsModule {}

/** Verification and roots: loaded by the command line. */
@Module({ providers: [VerifyCommand, RootCommand, RebuildCommand] })
export class LedgerCliModule {}
