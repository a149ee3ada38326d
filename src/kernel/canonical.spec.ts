import fc from 'fast-check';
import { canonicalJson } from './canonical';

describe('canonical JSON', () => {
  it('sorts keys by code unit at every depth, without white space', () => {
    const value = { b: [1, { z: null, a: 'x' }], a: { é: 1, Z: 2, a: 3 }, '': [] };
    expect(canonicalJson(value)).toBe('{"":[],"a":{"Z":2,"a":3,"é":1},"b":[1,{"a":"x","z":null}]}');
  });

  it('leaves out what is undefined, and has null for it in a list', () => {
    expect(canonicalJson({ a: undefined, b: [undefined, 1] })).toBe('{"b":[null,1]}');
    expect(canonicalJson(undefined)).toBe('null');
  });

  it('escapes as JSON does: quotes, backslashes, control characters, half of a pair', () => {
    const text = 'a "b" \\ \n\u0000\u001d\u007f\u2028 \ud800 \ud83d\ude00';
    expect(canonicalJson({ [text]: text })).toBe(JSON.stringify({ [text]: text }));
  });

  it('says what JSON says, and the same for any order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, v]) => [key, reversed(v)]),
  );
}
