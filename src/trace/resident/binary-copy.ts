/** Reading COPY … TO STDOUT (FORMAT binary) as it comes, without an object a row. */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** "PGCOPY\n\xff\r\n\0", flags and the length of the header's extension. */
const HEADER_BYTES = 19;
const TWO_32 = 4_294_967_296;

/** One row at a time: the fields are read by their place, straight from the bytes that came. */
export class CopyRow {
  view: DataView = new DataView(new ArrayBuffer(0));
  bytes: Uint8Array = new Uint8Array(0);
  /** where each field's bytes begin, and how many there are; −1: null */
  readonly at: Int32Array;
  readonly size: Int32Array;

  constructor(columns: number) {
    this.at = new Int32Array(columns);
    this.size = new Int32Array(columns);
  }

  isNull(column: number): boolean {
    return this.size[column] === -1;
  }

  int2(column: number): number {
    return this.view.getInt16(this.at[column]!);
  }

  /** `absent` where it is null */
  int4(column: number, absent = 0): number {
    return this.size[column] === -1 ? absent : this.view.getInt32(this.at[column]!);
  }

  /** A 64-bit integer as a number: exact up to 2^53. */
  int8(column: number, absent = NaN): number {
    if (this.size[column] === -1) return absent;
    const at = this.at[column]!;
    return this.view.getInt32(at) * TWO_32 + this.view.getUint32(at + 4);
  }

  bool(column: number): boolean {
    return this.bytes[this.at[column]!] === 1;
  }

  /** Copies a 64-bit integer into place `n` of a column, without making a number of it. */
  int8Into(column: number, halves: Int32Array, n: number): void {
    const at = this.at[column]!;
    halves[2 * n + 1] = this.view.getInt32(at);
    halves[2 * n] = this.view.getInt32(at + 4);
  }

  text(column: number): string {
    const at = this.at[column]!;
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at, this.size[column]).toString('utf8');
  }
}

/** Runs a query as a binary copy and hands on its rows; gives their number. Throws what `signal` throws. */
export async function copyRows(
  client: ClientBase,
  sql: string,
  columns: number,
  onRow: (row: CopyRow) => void,
  signal?: AbortSignal,
): Promise<number> {
  const row = new CopyRow(columns);
  let rest: Buffer = Buffer.alloc(0);
  let started = false;
  let ended = false;
  let count = 0;
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      try {
        const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
        rest = bytes.subarray(read(bytes));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
  function read(bytes: Buffer): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    row.view = view;
    row.bytes = bytes;
    let at = 0;
    if (!started) {
      if (bytes.length < HEADER_BYTES) return 0;
      started = true;
      at = HEADER_BYTES;
    }
    while (!ended) {
      if (at + 2 > bytes.length) return at;
      const fields = view.getInt16(at);
      if (fields === -1) {
        ended = true;
        return bytes.length;
      }
      if (fields !== columns) throw new Error(`A copied row has ${fields} fields, not ${columns}.`);
      let next = at + 2;
      for (let i = 0; i < columns; i++) {
        if (next + 4 > bytes.length) return at;
        const size = view.getInt32(next);
        next += 4;
        row.at[i] = next;
        row.size[i] = size;
        if (size > 0) next += size;
      }
      if (next > bytes.length) return at;
      onRow(row);
      count++;
      at = next;
    }
    return bytes.length;
  }
  await pipeline(client.query(copyTo(`COPY (${sql}) TO STDOUT (FORMAT binary)`)), sink, { signal });
  return count;
}
