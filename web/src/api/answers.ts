/** The answer page of a consignee: no account, its link alone. */
import { get, send, url, write } from './client';
import type { Quantity } from './types';

export const amounts = ['found', 'sold', 'destroyed', 'returned'] as const;
export type Amount = (typeof amounts)[number];
export type Rest = Amount | 'none';
export type Said = Record<Amount, string>;

export type AnswerLine = {
  line: string;
  item: string;
  name: string;
  kind: 'serial' | 'lot' | 'run';
  code: string;
  inside: string | null;
  quantity: Quantity | null;
  uom: string;
  documents: string[];
  from: string | null;
  answer: (Said & { note: string | null; at: string }) | null;
};
export type AnswerPage = {
  recall: string;
  consignee: string;
  language: string;
  product: string;
  reason: string;
  hazard: string;
  doWhat: string;
  contact: { name: string; phone: string; email: string };
  lines: number;
  answered: number;
  files: { name: string; sizeBytes: number; at: string }[];
  data: AnswerLine[];
  nextCursor: string | null;
};
export type Answer = {
  id: string;
  name: string;
  lines: ({ line: string } & Partial<Said>)[];
  rest?: Rest;
};

const at = (token: string): string => `/answers/${encodeURIComponent(token)}`;

export const answersApi = {
  page: (token: string, cursor: string | null, signal?: AbortSignal) =>
    get<AnswerPage>(at(token), { cursor, limit: 100 }, signal),
  answer: (token: string, answer: Answer) =>
    write<{ changed: number; answered: number; lines: number }>('POST', at(token), answer),
  file: async (token: string, file: File): Promise<void> => {
    const form = new FormData();
    form.append('file', file, file.name);
    await send('POST', url(`${at(token)}/files`), { body: form });
  },
};
