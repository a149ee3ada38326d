import { Module } from '@nestjs/common';
import { PutBoms } from './app/put-boms';
import { PutItems } from './app/put-items';

@Module({ providers: [PutItems, PutBoms], exports: [PutItems, PutBoms] })
export class CatalogModule {}
