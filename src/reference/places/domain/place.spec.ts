import { orderPlaces, readPlace } from './place';

const row = (key: string, parent?: string) => ({ key, after: { name: key, kind: 'area', ...(parent && { parent }) } });
const keys = (rows: { key: string }[]) => rows.map((r) => r.key);

describe('places that come together', () => {
  it('takes parents before their children, in whatever order they stand', () => {
    const { taken, refused } = orderPlaces([row('BIN', 'ZONE'), row('ZONE', 'SITE'), row('SITE')], new Map());
    expect(keys(taken)).toEqual(['SITE', 'ZONE', 'BIN']);
    expect(refused).toEqual([]);
  });

  it('refuses what hangs on a parent that nobody knows', () => {
    const { taken, refused } = orderPlaces([row('A'), row('B', 'NOWHERE')], new Map());
    expect(keys(taken)).toEqual(['A']);
    expect(refused.map((r) => r.error.code)).toEqual(['UNKNOWN_PLACE']);
  });

  it('refuses a circle, whether it is new or closes around places that are there', () => {
    expect(orderPlaces([row('A', 'B'), row('B', 'A')], new Map()).refused.map((r) => r.error.code)).toEqual([
      'PLACE_CYCLE',
      'PLACE_CYCLE',
    ]);
    const known = new Map([
      ['A', null],
      ['B', 'A'],
      ['C', 'B'],
    ]);
    expect(orderPlaces([row('A', 'C')], known).refused[0]?.error.code).toBe('PLACE_CYCLE');
    expect(orderPlaces([row('A', 'A')], known).refused[0]?.error.code).toBe('PLACE_CYCLE');
  });

  it('lets two places change their order', () => {
    const known = new Map([
      ['A', null],
      ['B', 'A'],
    ]);
    expect(keys(orderPlaces([row('A', 'B'), row('B')], known).taken)).toEqual(['B', 'A']);
  });

  it('names the unknown place for all that hang on it', () => {
    const { refused } = orderPlaces([row('A', 'NOWHERE'), row('B', 'A')], new Map());
    expect(refused.map((r) => r.error.details)).toEqual([{ place: 'NOWHERE' }, { place: 'NOWHERE' }]);
  });

  it('knows a zone from an offset', () => {
    expect(readPlace({ place: 'L', name: 'Lyon', kind: 'site', timeZone: 'Europe/Paris' }).body.timeZone).toBe(
      'Europe/Paris',
    );
    for (const timeZone of ['+01:00', 'Europe/Atlantis'])
      expect(() => readPlace({ place: 'L', name: 'Lyon', kind: 'site', timeZone })).toThrow('no time zone');
  });
});
