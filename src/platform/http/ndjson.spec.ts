import { PassThrough, Readable } from 'node:stream';
import { readNdjson } from './ndjson';

const limits = { bytesMax: 1_000, linesMax: 3 };

async function read(stream: Readable, more = limits): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of readNdjson(stream, more)) values.push(value);
  return values;
}
const streamOf = (...chunks: (string | Buffer)[]): Readable => Readable.from(chunks.map((c) => Buffer.from(c)));

describe('NDJSON', () => {
  it('gives a value a line, wherever the chunks are cut', async () => {
    const text = Buffer.from('{"a":"é"}\n\n{"a":2}\r\n{"a":3}');
    const bytes = [...text].map((byte) => Buffer.from([byte]));
    expect(await read(streamOf(...bytes))).toEqual([{ a: 'é' }, { a: 2 }, { a: 3 }]);
  });

  it('names the line that is no JSON', async () => {
    await expect(read(streamOf('{"a":1}\n{"a":\n'))).rejects.toMatchObject({ code: 'BAD_JSON', details: { line: 2 } });
  });

  it('keeps to its limits', async () => {
    await expect(read(streamOf('1\n2\n3\n4\n'))).rejects.toMatchObject({ code: 'TOO_MANY_EVENTS' });
    await expect(read(streamOf('x'.repeat(600), 'x'.repeat(600)))).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
  });

  it('reads on to the end after a refusal, so that the client gets to see the answer', async () => {
    const stream = new PassThrough();
    stream.write('nonsense\n');
    await expect(read(stream)).rejects.toMatchObject({ code: 'BAD_JSON' });
    expect(stream.destroyed).toBe(false);
    const ended = new Promise((resolve) => stream.once('end', resolve));
    stream.end('more\n');
    await ended;
  });
});
