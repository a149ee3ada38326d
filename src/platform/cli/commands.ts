import { Global, Injectable, Module } from '@nestjs/common';

/** One command of `npm run cli -- <name> …`. */
export interface Command {
  name: string;
  /** one line for the list: arguments, and what it does */
  help: string;
  /** `argv` is what stands behind the name. Gives the exit code (default 0); a thrown DomainError is shown as its sentence. */
  run(argv: string[]): Promise<number | void>;
}

/** Modules register their commands in onModuleInit. */
@Injectable()
export class CommandRegistry {
  private readonly byName = new Map<string, Command>();

  register(command: Command): void {
    if (this.byName.has(command.name)) throw new Error(`There are two commands named ${command.name}`);
    this.byName.set(command.name, command);
  }

  find(name: string): Command | undefined {
    return this.byName.get(name);
  }

  get commands(): Command[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

@Global()
@Module({ providers: [CommandRegistry], exports: [CommandRegistry] })
export class CliModule {}
