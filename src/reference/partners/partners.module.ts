import { Module } from '@nestjs/common';
import { PutPartners } from './app/put-partners';

@Module({ providers: [PutPartners], exports: [PutPartners] })
export class PartnersModule {}
