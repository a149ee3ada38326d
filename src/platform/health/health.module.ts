import { Global, Module } from '@nestjs/common';
import { AboutController } from './about.controller';
import { HealthController } from './health.controller';
import { Metrics } from './metrics';
import { MetricsController } from './metrics.controller';
import { Readiness } from './readiness';
import { Workers } from './workers';

/** Loaded by the api; its modules register their metrics here. */
@Global()
@Module({
  controllers: [HealthController, AboutController, MetricsController],
  providers: [Readiness, Metrics, Workers],
  exports: [Metrics, Workers],
})
export class HealthModule {}
