import { Module } from '@nestjs/common';
import { PlacesController } from './http/places.controller';
import { PlacesModule } from './places.module';

@Module({ imports: [PlacesModule], controllers: [PlacesController] })
export class PlacesHttpModule {}
