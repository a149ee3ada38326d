import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Single reads outside any transaction: each statement sees what is committed when it starts. */
@Injectable()
export class Database {
  constructor(private readonly dataSource: DataSource) {}

  async query<R = Record<string, unknown>>(sql: string, params: unknown[] = []): Promise<R[]> {
    return this.dataSource.query<R[]>(sql, params);
  }
}

/** What a read function needs: the database, or an open transaction. */
export interface Queryable {
  query<R = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<R[]>;
}

/** A text that people typed, to be searched for as it stands inside a LIKE pattern. */
export function escapeLike(text: string): string {
  return text.trim().replace(/[\\%_]/g, (character) => `\\${character}`);
}
