/** What the sentences of every area are made with. */
export const n = (value: number): string => new Intl.NumberFormat('en-US').format(value);
export const things = (value: number, one: string, many = `${one}s`): string =>
  `${n(value)} ${value === 1 ? one : many}`;
export type Words = Record<string, string | undefined>;
