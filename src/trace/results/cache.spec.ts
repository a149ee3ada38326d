import { ResultCache } from './cache';

describe('the cache of results', () => {
  it('holds no more than its bytes, and lets go first of what was used least lately', () => {
    const cache = new ResultCache(100);
    cache.set('a', 1, 40);
    cache.set('b', 2, 40);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3, 40);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
    expect(cache.bytes).toBe(80);
  });

  it('does not hold what is larger than all of it, and counts what is put in again once', () => {
    const cache = new ResultCache(100);
    cache.set('large', 1, 101);
    cache.set('a', 1, 60);
    cache.set('a', 2, 70);
    expect([cache.get('large'), cache.get('a'), cache.bytes]).toEqual([undefined, 2, 70]);
  });
});
