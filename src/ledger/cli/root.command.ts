import { writeFileSync } from 'node:fs';
import { Injectable, OnModuleInit } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Command, CommandRegistry } from '@/platform/cli';
import { Settings } from '@/platform/config';
import { Database, UnitOfWork } from '@/platform/db';
import { sealLedger } from '../app/seal';
import { newestRoot, ownKey, readPrivateKey, SignedRoot, signRoot } from '../integrity/root';
import { readOptions, WRONG_COMMAND } from './arguments';

const USAGE = `root [--sign [--key FILE]] [--out FILE]
  Seals, and gives the newest root: position, hash of the ledger, hash of the audit. Keep it where nobody who can write the database can.
  --sign   signs it (Ed25519) with the key of --key, else with this installation's own in DATA_DIR, which is made the first time
  --out    where to write it (default: it is printed)`;

@Injectable()
export class RootCommand implements Command, OnModuleInit {
  readonly name = 'root';
  readonly help = 'root [--sign [--key FILE]] [--out FILE]   exports the newest root of the ledger and the audit';

  constructor(
    private readonly registry: CommandRegistry,
    private readonly settings: Settings,
    private readonly uow: UnitOfWork,
    private readonly db: Database,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async run(argv: string[]): Promise<number> {
    const text = { type: 'string' } as const;
    const given = readOptions(argv, { sign: { type: 'boolean' }, key: text, out: text }, USAGE);
    if (!given) return WRONG_COMMAND;
    await sealLedger(this.uow);
    const root = await newestRoot(this.db, new Date());
    const signed: SignedRoot = given.sign || given.key !== undefined ? signRoot(root, this.key(given.key)) : { root };
    const json = `${JSON.stringify(signed, null, 2)}\n`;
    if (given.out === undefined) process.stdout.write(json);
    else {
      writeFileSync(given.out, json);
      process.stdout.write(`Root of position ${root.position}: ${given.out}\n`);
    }
    return 0;
  }

  private key(path: string | undefined) {
    if (path !== undefined) return readPrivateKey(path);
    if (this.settings.dataDir === undefined) throw new DomainError('KEY_NEEDED', {});
    const own = ownKey(this.settings.dataDir);
    if (own.made) process.stderr.write(`A key pair was made: ${own.path}, and ${own.path}.pub to hand on.\n`);
    return own.key;
  }
}
