import { Module } from '@nestjs/common';
import { LedgerModule } from '@/ledger';
import { CatalogModule } from '@/reference/catalog';
import { CancelImport } from './app/cancel-import';
import { Files } from './app/files';
import { ImportHere } from './app/import-here';
import { ImportJob } from './app/import-job';
import { PutMaster } from './app/put-master';
import { RunImport } from './app/run-import';
import { StartImport } from './app/start-import';
import { ImportsController } from './http/imports.controller';

/** The engine, for the command line. */
@Module({
  imports: [LedgerModule, CatalogModule],
  providers: [Files, PutMaster, RunImport, ImportHere],
  exports: [Files, RunImport, ImportHere],
})
export class InterchangeModule {}

/** Uploads and what became of them: loaded by the api. */
@Module({
  imports: [InterchangeModule],
  providers: [StartImport, CancelImport],
  controllers: [ImportsController],
})
export class InterchangeHttpModule {}

/** The jobs of the queue `import`: loaded by the worker. */
@Module({ imports: [InterchangeModule], providers: [ImportJob] })
export class InterchangeJobsModule {}
