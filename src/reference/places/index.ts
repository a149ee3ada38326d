/** Owns places: one tree of sites, areas, zones, bins and vessels, without circles, with the time zone in force at each. */
export { PutPlaces } from './app/put-places';
export type { PlaceInput } from './app/put-places';
export * from './places.http';
export * from './places.module';
export { type Capacity, PLACE_KINDS } from './domain/place';
export { allPlaces, findPlaces, type Place, placeNames, placesByCode, placesById, type ZonedPlace } from './queries';
