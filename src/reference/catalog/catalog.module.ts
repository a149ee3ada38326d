import { Module } from '@nestjs/common';
import { PutAttributes } from './app/put-attributes';
import { PutBoms } from './app/put-boms';
import { PutItems } from './app/put-items';

@Module({ providers: [PutItems, PutBoms, PutAttributes], exports: [PutItems, PutBoms, PutAttributes] })
export class CatalogModule {}
