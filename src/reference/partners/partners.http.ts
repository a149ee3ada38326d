import { Module } from '@nestjs/common';
import { PartnersController } from './http/partners.controller';
import { PartnersModule } from './partners.module';

@Module({ imports: [PartnersModule], controllers: [PartnersController] })
export class PartnersHttpModule {}
