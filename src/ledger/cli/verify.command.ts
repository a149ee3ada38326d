import { Injectable, OnModuleInit } from '@nestjs/common';
import { type Command, CommandRegistry } from '@/platform/cli';
import { UnitOfWork } from '@/platform/db';
import { readRoot } from '../integrity/root';
import { Verification, verify } from '../integrity/verify';
import { readOptions, StageLine, WRONG_COMMAND } from './arguments';

const FINDINGS_MAX = 1_000;
const USAGE = `verify [--json] [--root FILE [--public-key FILE]] [--limit N]
  Reads everything that was sealed and says which row was changed, is missing or was put in since.
  --root         a file of "root": proves that this database still has that root in its chains
  --public-key   and that the root was signed by the holder of this key
  --limit        findings that are listed (default ${FINDINGS_MAX}); all are counted
Ends with 0: all is as it was sealed; 1: something is not, or nothing was ever sealed; 2: the command is wrong.`;

@Injectable()
export class VerifyCommand implements Command, OnModuleInit {
  readonly name = 'verify';
  readonly help =
    'verify [--json] [--root FILE --public-key FILE]   compares all facts and audit lines with their seals';

  constructor(
    private readonly registry: CommandRegistry,
    private readonly uow: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async run(argv: string[]): Promise<number> {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const given = readOptions(argv, { json: flag, root: text, 'public-key': text, limit: text }, USAGE);
    if (!given) return WRONG_COMMAND;
    const limit = given.limit === undefined ? FINDINGS_MAX : Number(given.limit);
    if (!Number.isSafeInteger(limit) || limit < 0) {
      process.stderr.write(`${USAGE}\n`);
      return WRONG_COMMAND;
    }
    const root = given.root === undefined ? undefined : readRoot(given.root, given['public-key']);
    const line = new StageLine();
    const result = await verify(this.uow, { findingsMax: limit, root, progress: line.show });
    line.end();
    if (given.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    else tell(result);
    return result.ok && !isEmpty(result) ? 0 : 1;
  }
}

function tell(result: Verification): void {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  for (const f of result.findings)
    say(`${f.kind}: ${f.message}${f.recordedAt ? ` Recorded ${f.recordedAt}${f.actor ? ` by ${f.actor}` : ''}.` : ''}`);
  if (result.findingCount > result.findings.length)
    say(`and ${result.findingCount - result.findings.length} more; see --limit.`);
  say(
    `${result.rows} rows of ${result.tables.length} tables compared, up to ledger position ${result.position} and audit position ${result.auditPosition}.`,
  );
  say(`Ledger ${result.ledgerHash ?? '(empty)'}`);
  say(`Audit  ${result.auditHash ?? '(empty)'}`);
  say(
    !result.ok
      ? `${result.findingCount} findings.`
      : isEmpty(result)
        ? 'Nothing was ever sealed here, so nothing is proven: is this the right database (DATABASE_URL, DATA_DIR)?'
        : 'All is as it was sealed.',
  );
}

/** A wrong address leads to an empty database: that is no proof of anything. */
const isEmpty = ({ ledgerHash, auditHash }: Verification): boolean => ledgerHash === null && auditHash === null;
