import { Module } from '@nestjs/common';
import { BlastRadiusCommand } from './blast-radius.command';
import { BlastController } from './blast.controller';
import { BlastJobs } from './blast.jobs';
import { BlastQueries } from './blast-queries';
import { RunBlast } from './run-blast';
import { StartBlast } from './start-blast';

@Module({ providers: [StartBlast, RunBlast, BlastQueries], exports: [StartBlast, RunBlast, BlastQueries] })
class BlastModule {}

@Module({ imports: [BlastModule], controllers: [BlastController] })
export class BlastHttpModule {}

@Module({ imports: [BlastModule], providers: [BlastJobs] })
export class BlastJobsModule {}

/** `blast-radius`: loaded by the command line. */
@Module({ imports: [BlastModule], providers: [BlastRadiusCommand] })
export class BlastCliModule {}
