import { Module } from '@nestjs/common';
import { CatalogModule } from './catalog.module';
import { ItemsController } from './http/items.controller';

@Module({ imports: [CatalogModule], controllers: [ItemsController] })
export class CatalogHttpModule {}
