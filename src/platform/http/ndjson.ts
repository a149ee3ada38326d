import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { DomainError } from '@/kernel';

export interface NdjsonLimits {
  bytesMax: number;
  linesMax: number;
}

/**
 * Reads NDJSON as it comes in, one parsed value a line; empty lines are skipped. Throws BODY_TOO_LARGE, TOO_MANY_EVENTS,
 * and BAD_JSON with the number of the line. What was not read is drained, so that the client gets to read the answer.
 */
export async function* readNdjson(stream: Readable, limits: NdjsonLimits): AsyncGenerator<unknown> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let bytes = 0;
  let line = 0;
  let values = 0;

  const parse = (text: string): unknown => {
    if (++values > limits.linesMax)
      throw new DomainError('TOO_MANY_EVENTS', { limit: limits.linesMax, setting: 'EVENTS_MAX' });
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new DomainError('BAD_JSON', { reason: `line ${line}: ${(error as Error).message}`, line });
    }
  };

  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limits.bytesMax)
        throw new DomainError('BODY_TOO_LARGE', { limit: limits.bytesMax, setting: 'BODY_BYTES_MAX' });
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) {
        line++;
        if (text.trim() !== '') yield parse(text);
      }
    }
    line++;
    rest += decoder.end();
    if (rest.trim() !== '') yield parse(rest);
  } finally {
    if (!stream.destroyed) stream.resume();
  }
}
