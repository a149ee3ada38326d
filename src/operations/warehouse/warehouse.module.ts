import { Module } from '@nestjs/common';
import { WherePlacesController } from './http/places.controller';
import { SubstitutesController } from './http/substitutes.controller';

@Module({ controllers: [SubstitutesController, WherePlacesController] })
export class WarehouseHttpModule {}
