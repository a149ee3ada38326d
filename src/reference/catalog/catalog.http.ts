import { Module } from '@nestjs/common';
import { CatalogModule } from './catalog.module';
import { AttributesController } from './http/attributes.controller';
import { ItemsController } from './http/items.controller';

@Module({ imports: [CatalogModule], controllers: [ItemsController, AttributesController] })
export class CatalogHttpModule {}
