import { Module } from '@nestjs/common';
import { LedgerModule } from '@/ledger';
import { CatalogModule } from '@/reference/catalog';
import { PartnersModule } from '@/reference/partners';
import { PlacesModule } from '@/reference/places';
import { CancelImport } from './app/cancel-import';
import { ImportHere } from './app/import-here';
import { ImportJob } from './app/import-job';
import { ImportMetrics } from './app/import-metrics';
import { PreviewImport } from './app/preview';
import { PutMapping } from './app/put-mapping';
import { PutMaster } from './app/put-master';
import { RunImport } from './app/run-import';
import { StartImport } from './app/start-import';
import { ImportCommand } from './cli/import.command';
import { ImportMappingsController } from './http/import-mappings.controller';
import { ImportsController } from './http/imports.controller';

/** The engine, for the command line. */
@Module({
  imports: [LedgerModule, CatalogModule, PlacesModule, PartnersModule],
  providers: [PutMaster, RunImport, ImportHere],
  exports: [PutMaster, RunImport, ImportHere],
})
export class InterchangeModule {}

/** Uploads and what became of them: loaded by the api. */
@Module({
  imports: [InterchangeModule, LedgerModule],
  providers: [StartImport, CancelImport, PreviewImport, PutMapping, ImportMetrics],
  controllers: [ImportMappingsController, ImportsController],
})
export class InterchangeHttpModule {}

/** The jobs of the queue `import`: loaded by the worker. */
@Module({ imports: [InterchangeModule], providers: [ImportJob] })
export class InterchangeJobsModule {}

/** `import`: loaded by the command line. */
@Module({ imports: [InterchangeModule], providers: [ImportCommand] })
export class InterchangeCliModule {}
