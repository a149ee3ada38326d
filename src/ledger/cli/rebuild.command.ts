import { Injectable, OnModuleInit } from '@nestjs/common';
import { type Command, CommandRegistry } from '@/platform/cli';
import { Database, UnitOfWork } from '@/platform/db';
import { sealLedger } from '../app/seal';
import { PROJECTION_NAMES, rebuild, Rebuilt } from '../projections/rebuild';
import { readOptions, StageLine, WRONG_COMMAND } from './arguments';

const SHOWN_MAX = 100;
const USAGE = `rebuild [--check] [--only NAME,…] [--limit N] [--json]
  Makes what is derived from the facts anew, while the plant runs, and says row by row what differed.
  --check   changes nothing
  --only    of ${PROJECTION_NAMES.join(', ')}
  --limit   differences that are listed of each (default ${SHOWN_MAX}); all are counted
Ends with 0: nothing differed, or it is put right; 1: with --check, something differs; 2: the command is wrong.`;

@Injectable()
export class RebuildCommand implements Command, OnModuleInit {
  readonly name = 'rebuild';
  readonly help = 'rebuild [--check] [--only NAME]   makes all projections anew from the facts, and says what differed';

  constructor(
    private readonly registry: CommandRegistry,
    private readonly uow: UnitOfWork,
    private readonly db: Database,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async run(argv: string[]): Promise<number> {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const given = readOptions(argv, { check: flag, json: flag, only: text, limit: text }, USAGE);
    if (!given) return WRONG_COMMAND;
    const names = given.only?.split(',').map((name) => name.trim());
    const limit = given.limit === undefined ? SHOWN_MAX : Number(given.limit);
    if (!Number.isSafeInteger(limit) || limit < 0 || names?.some((name) => !PROJECTION_NAMES.includes(name))) {
      process.stderr.write(`${USAGE}\n`);
      return WRONG_COMMAND;
    }
    await sealLedger(this.uow);
    const line = new StageLine();
    const check = given.check ?? false;
    const results = await rebuild(this.uow, this.db, {
      check,
      names,
      differencesMax: limit,
      progress: (name, after) => line.show(name, after, null),
    });
    line.end();
    if (given.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
    else for (const result of results) tell(result, check);
    return check && results.some((r) => total(r) > 0) ? 1 : 0;
  }
}

function total({ counts }: Rebuilt): number {
  return counts.changed + counts.extra + counts.missing;
}

function tell(result: Rebuilt, check: boolean): void {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const { counts, projection, differences } = result;
  if (total(result) === 0) {
    say(`${projection}: as the facts say`);
    return;
  }
  const done = check ? 'differs from the facts' : 'was put right';
  say(`${projection}: ${done}: ${counts.missing} missing, ${counts.extra} extra, ${counts.changed} changed`);
  for (const d of differences) say(`  ${d.kind} ${d.row}: ${d.is ?? '(nothing)'} → ${d.should ?? '(nothing)'}`);
  if (total(result) > differences.length) say(`  and ${total(result) - differences.length} more; see --limit`);
}
