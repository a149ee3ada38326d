import { createHash } from 'node:crypto';
import { formatTime } from '@/kernel';
import { digestLine, DigestRow, traceDigest } from '.';

const row = (item: string, code: string, more: Partial<DigestRow> = {}): DigestRow => ({
  item,
  kind: 'lot',
  code,
  certainty: 'certain',
  exposure: [[0, Infinity]],
  ...more,
});

describe('the digest', () => {
  it('is SHA-256 over the canonical question and the lines, so that anyone can compute it again', () => {
    expect(digestLine(row('A', 'L1'))).toBe('["A","lot","L1","certain",[["1970-01-01T00:00:00.000Z",null]]]');
    const text = `{"at":"ever","seeds":[]}\n${digestLine(row('A', 'L1'))}\n${digestLine(row('B', 'L1'))}\n`;
    const expected = createHash('sha256').update(text).digest('hex');
    expect(traceDigest({ seeds: [], at: 'ever' }, [row('B', 'L1'), row('A', 'L1')])).toBe(expected);
  });

  it('writes codes and times as JSON and the API do, whatever they are', () => {
    const codes = ['plain', 'a"b', 'a\\b', 'tab\t', 'é', '\ud800', '😀', '\u007f'];
    const times = [
      0,
      -1,
      999,
      -86_400_001,
      Date.UTC(2026, 1, 28, 23, 59, 59, 7),
      Date.UTC(2100, 0, 1),
      -Infinity,
      Infinity,
    ];
    for (const code of codes)
      for (const from of times) {
        const exposure = [[formatTime(from), null]];
        const line = digestLine(row('I', code, { exposure: [[from, Infinity]] }));
        expect(line).toBe(JSON.stringify(['I', 'lot', code, 'certain', exposure]));
      }
  });

  it('does not depend on the order of the rows, and orders by bytes beyond the basic plane too', () => {
    const rows = ['a', 'Z', 'é', '\uff5e', '😀', '10', '9'].map((code) => row('I', code));
    const digest = traceDigest({}, rows);
    expect(traceDigest({}, [...rows].reverse())).toBe(digest);
    const bytes = rows.map((r) => Buffer.from(digestLine(r))).sort((a, b) => Buffer.compare(a, b));
    const expected = createHash('sha256').update('{}\n');
    for (const line of bytes) expected.update(line).update('\n');
    expect(digest).toBe(expected.digest('hex'));
  });

  it('changes with the question, the certainty and the exposure', () => {
    const digests = [
      traceDigest({ at: 'ever' }, [row('A', 'L1')]),
      traceDigest({ at: 'shipment' }, [row('A', 'L1')]),
      traceDigest({ at: 'ever' }, [row('A', 'L1', { certainty: 'possible' })]),
      traceDigest({ at: 'ever' }, [row('A', 'L1', { exposure: [[1, Infinity]] })]),
      traceDigest({ at: 'ever' }, []),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});
