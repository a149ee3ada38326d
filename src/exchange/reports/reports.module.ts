import { Module } from '@nestjs/common';
import { TraceModule } from '@/trace';
import { Reports } from './app/reports';
import { TraceReader } from './app/trace-reader';
import { ReportCommand } from './cli/report.command';
import { ReportsController } from './http/reports.controller';

@Module({ imports: [TraceModule], providers: [Reports, TraceReader], exports: [Reports] })
class ReportsModule {}

/** Reports as data and files: loaded by the api. */
@Module({ imports: [ReportsModule], controllers: [ReportsController] })
export class ReportsHttpModule {}

/** `report`: loaded by the command line. */
@Module({ imports: [ReportsModule, TraceModule], providers: [ReportCommand] })
export class ReportsCliModule {}
