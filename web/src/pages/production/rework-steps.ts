/** What is to be done on a finished unit, as the address keeps it until all of it is recorded at once. */
import { api } from '~/api/client';
import type { ScanMatch, TreeRow, UnitRef } from '~/api/types';
import type { VerdictData } from '~/floor/types';
import { unitKey } from '~/kit/unit';
import { showScan } from '~/kit/keyboard';
import { text } from '~/text';

export const fates = ['quarantine', 'scrap', 'stock', 'supplier'] as const;
export type Fate = (typeof fates)[number];
export type Quantity = { value: string; uom: string };
export type Step =
  | { do: 'out'; unit: string; fate: Fate; position?: string; quantity?: Quantity }
  | { do: 'in'; unit: string; position?: string; quantity?: Quantity }
  | { do: 'test'; characteristic: string; result: 'pass' | 'fail'; measured?: string };

type Raw = Record<string, unknown>;
const word = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const quantity = (value: unknown): { quantity?: Quantity } => {
  const { value: number, uom } = (value ?? {}) as Raw;
  return word(number) && word(uom) ? { quantity: { value: word(number)!, uom: word(uom)! } } : {};
};

/** The steps that an address holds; what is none is dropped. */
export function stepsOf(raw: unknown): Step[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const steps = (raw as Raw[]).flatMap((one): Step[] => {
    const unit = word(one?.['unit']);
    const position = word(one?.['position']);
    const at = { ...(position ? { position } : {}), ...quantity(one?.['quantity']) };
    const fate = fates.find((known) => known === one?.['fate']);
    const characteristic = word(one?.['characteristic']);
    const measured = word(one?.['measured']);
    if (one?.['do'] === 'out' && unit && fate) return [{ do: 'out', unit, fate, ...at }];
    if (one?.['do'] === 'in' && unit) return [{ do: 'in', unit, ...at }];
    if (one?.['do'] === 'test' && characteristic)
      return [
        {
          do: 'test',
          characteristic,
          result: one['result'] === 'fail' ? 'fail' : 'pass',
          ...(measured ? { measured } : {}),
        },
      ];
    return [];
  });
  return steps.length > 0 ? steps : undefined;
}

/** The verb's body: what goes out, what comes in, what was tested. */
export function bodyOf(steps: readonly Step[]): object {
  const out = steps.flatMap((step) => (step.do === 'out' ? [step] : []));
  const into = steps.flatMap((step) => (step.do === 'in' ? [step] : []));
  const tests = steps.flatMap((step) => (step.do === 'test' ? [step] : []));
  return {
    ...(out.length > 0 ? { remove: out.map(({ do: _, unit, ...more }) => ({ scan: unit, ...more })) } : {}),
    ...(into.length > 0 ? { install: into.map(({ do: _, unit, ...more }) => ({ scan: unit, ...more })) } : {}),
    ...(tests.length > 0 ? { inspect: tests.map(({ do: _, ...test }) => test) } : {}),
  };
}

/** The one unit that a code means, handed on; several are asked for, none is said. */
export async function oneUnit(
  code: string,
  then: (unit: UnitRef, id: string) => Promise<VerdictData | null>,
): Promise<VerdictData | null> {
  const { matches } = await api.scan(code);
  const units = matches.filter((match) => match.type === 'unit');
  const go = async (match: ScanMatch): Promise<VerdictData | null> => {
    const unit = await api.unit(match.id ?? match.key);
    return then(unit.unit, unit.id);
  };
  const [only, second] = units;
  if (only && second)
    return {
      verdict: 'ask',
      message: text.floor.look.several(units.length),
      answers: units.slice(0, 9).map((match) => ({ label: match.label, act: () => go(match) })),
    };
  return only ? go(only) : { verdict: 'stop', message: text.floor.look.nothing(showScan(code)) };
}

/** What is installed in it now, each with its position. */
export async function partsIn(parent: string, signal?: AbortSignal): Promise<TreeRow[]> {
  const parts: TreeRow[] = [];
  let cursor: string | null = null;
  do {
    const page: { data: TreeRow[]; nextCursor: string | null } = await api.tree(
      parent,
      'contains',
      undefined,
      cursor,
      signal,
    );
    parts.push(...page.data.filter((row) => row.mode === 'install' && row.until === null));
    cursor = page.nextCursor;
  } while (cursor);
  return parts;
}

export const nameOf = (key: string): string => {
  const [item = '', , ...code] = key.split('~');
  return `${item} ${code.join('~')}`;
};
export const keyOfRow = (row: TreeRow): string => unitKey(row.unit);
