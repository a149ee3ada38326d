import { Module } from '@nestjs/common';
import { PutPlaces } from './app/put-places';

@Module({ providers: [PutPlaces], exports: [PutPlaces] })
export class PlacesModule {}
