/** What stands after `report` on the command line, checked before anything is asked. */
import { parseArgs } from 'node:util';
import type { ReportFormat } from '../domain/file-name';
import type { UnitRef } from '../domain/model';

export const USAGE = `report --item ITEM (--lot LOT | --serial SERIAL | --run RUN)
       [--direction forward|backward]  where it went (default), or what went into it
       [--at ever|shipment|TIME]       when a unit must hold it to count (default ever)
       [--certainty possible|certain]  with the possible ones (default), or without
       [--from TIME] [--until TIME]    when it was bad (default all its time)
       [--position N]                  the ledger position to ask at (default now)
       [--format pdf,xlsx,csv]         which files (default all three)
       [--out DIR]                     where to (default reports/ under the current folder)
Ends with 0: the report is complete; 3: it is incomplete; 1: an error; 2: the command is wrong.`;

const FORMATS: readonly ReportFormat[] = ['pdf', 'xlsx', 'csv'];

/** The command is wrong: says how, and what would be right. */
export class UsageError extends Error {
  constructor(reason: string) {
    super(`${reason}\n\n${USAGE}`);
    this.name = 'UsageError';
  }
}

export interface ReportArguments {
  /** the body of POST /api/v1/traces */
  question: {
    direction: 'forward' | 'backward';
    seeds: { unit: UnitRef; from?: string; until?: string }[];
    at?: string;
    certainty?: 'possible' | 'certain';
    ledgerPosition?: number;
  };
  formats: ReportFormat[];
  out: string;
}

export function readArguments(argv: readonly string[]): ReportArguments {
  const values = parsed(argv);
  if (!values.item) throw new UsageError('--item is missing.');
  const kinds = (['lot', 'serial', 'run'] as const).filter((kind) => values[kind] !== undefined);
  const [kind] = kinds;
  if (kinds.length !== 1 || !kind) throw new UsageError('Give one of --lot, --serial and --run.');
  const direction = oneOf('direction', values.direction ?? 'forward', ['forward', 'backward'] as const);
  if (direction === 'backward' && values.at !== undefined)
    throw new UsageError('--at belongs to the direction forward; a window is given with --from and --until.');
  return {
    question: {
      direction,
      seeds: [
        {
          unit: { item: values.item, [kind]: values[kind] } as unknown as UnitRef,
          ...(values.from === undefined ? {} : { from: values.from }),
          ...(values.until === undefined ? {} : { until: values.until }),
        },
      ],
      ...(values.at === undefined ? {} : { at: values.at }),
      ...(values.certainty === undefined
        ? {}
        : { certainty: oneOf('certainty', values.certainty, ['possible', 'certain'] as const) }),
      ...(values.position === undefined ? {} : { ledgerPosition: position(values.position) }),
    },
    formats: formats(values.format),
    out: values.out ?? 'reports',
  };
}

const OPTIONS = [
  'item',
  'lot',
  'serial',
  'run',
  'direction',
  'at',
  'certainty',
  'from',
  'until',
  'position',
  'format',
  'out',
] as const;

function parsed(argv: readonly string[]): Partial<Record<(typeof OPTIONS)[number], string>> {
  try {
    return parseArgs({
      args: [...argv],
      options: Object.fromEntries(OPTIONS.map((name) => [name, { type: 'string' as const }])),
      strict: true,
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function formats(list: string | undefined): ReportFormat[] {
  if (list === undefined) return [...FORMATS];
  const asked = list.split(',').map((name) => oneOf('format', name.trim(), FORMATS));
  return FORMATS.filter((format) => asked.includes(format));
}

function position(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--position is a whole number, not "${text}".`);
  return Number(text);
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((option) => option === value);
  if (!found) throw new UsageError(`--${name} is one of ${allowed.join(', ')}, not "${value}".`);
  return found;
}
