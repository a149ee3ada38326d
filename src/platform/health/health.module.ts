import { Module } from '@nestjs/common';
import { AboutController } from './about.controller';
import { HealthController } from './health.controller';
import { Readiness } from './readiness';

@Module({ controllers: [HealthController, AboutController], providers: [Readiness] })
export class HealthModule {}
