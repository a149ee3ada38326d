import 'reflect-metadata';
import { type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DomainError } from '@/kernel';
import { DemoCliModule } from '@/exchange/demo';
import { InterchangeCliModule } from '@/exchange/interchange';
import { ReportsCliModule } from '@/exchange/reports';
import { LedgerCliModule } from '@/ledger';
import { CliModule, type Command, CommandRegistry } from '@/platform/cli';
import { ConfigModule, Settings } from '@/platform/config';
import { createDataSource, DbModule } from '@/platform/db';
import { JobsModule } from '@/platform/jobs';
import { OutboxModule } from '@/platform/outbox';
import { AccessCliModule } from '@/reference/access';
import { TraceCliModule } from '@/trace';

/** Every module with commands. */
@Module({
  imports: [
    ConfigModule,
    DbModule,
    JobsModule,
    OutboxModule,
    CliModule,
    AccessCliModule,
    InterchangeCliModule,
    DemoCliModule,
    LedgerCliModule,
    ReportsCliModule,
    TraceCliModule,
  ],
})
class CommandsModule {}

/** Stands outside of Nest: it makes the tables and the role that everything else needs. */
const migrate: Command = {
  name: 'migrate',
  help: 'migrate   brings the database to this version',
  async run() {
    const dataSource = await createDataSource({ url: new Settings(process.env).databaseUrl, as: 'owner' }).initialize();
    try {
      const done = await dataSource.runMigrations();
      for (const { name } of done) process.stdout.write(`migrated ${name}\n`);
      if (done.length === 0) process.stdout.write('The database is up to date.\n');
    } finally {
      await dataSource.destroy();
    }
  },
};

/** A command's answer goes to stdout; what else there is to say does not mix with it. */
class StderrLogger implements LoggerService {
  log(): void {}
  warn(message: unknown): void {
    process.stderr.write(`${say(message)}\n`);
  }
  error(message: unknown, ...more: unknown[]): void {
    // A start that fails is told by main(), once.
    if (more.at(-1) !== 'ExceptionHandler') process.stderr.write(`${say(message)}\n`);
  }
}

function say(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}

async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === migrate.name) return (await migrate.run(rest)) ?? 0;
  const app = await NestFactory.createApplicationContext(CommandsModule, {
    logger: new StderrLogger(),
    abortOnError: false,
  });
  try {
    const registry = app.get(CommandRegistry);
    const command = name === undefined ? undefined : registry.find(name);
    if (command) return (await command.run(rest)) ?? 0;
    const isHelp = name === undefined || ['help', '--help', '-h'].includes(name);
    const list = [migrate, ...registry.commands].map(({ help }) => `  ${help}\n`).join('');
    process[isHelp ? 'stdout' : 'stderr'].write(`${isHelp ? '' : `There is no command "${name}". `}Commands:\n${list}`);
    return isHelp ? 0 : 2;
  } finally {
    await app.close();
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    const expected = error instanceof DomainError || error.name === 'SettingError' || 'code' in error;
    process.stderr.write(`${expected ? error.message : (error.stack ?? String(error))}\n`);
    process.exitCode = 1;
  },
);
