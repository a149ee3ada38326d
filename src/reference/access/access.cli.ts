import { parseArgs } from 'node:util';
import { Injectable, Module, OnModuleInit } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Role, ROLES } from '@/platform/auth';
import { CliModule, type Command, CommandRegistry } from '@/platform/cli';
import { AccessModule } from './access.module';
import { ChangeUser } from './app/change-user';
import { CreateUser } from './app/create-user';
import { newSecret } from './domain/secrets';

const CONTEXT = { actor: 'system:cli', source: 'system:cli' };
const USAGE = 'Usage: user add NAME --role ROLE [--display-name TEXT] | user reset-password NAME';

@Injectable()
class UserCommand implements Command, OnModuleInit {
  readonly name = 'user';
  readonly help = 'user add NAME --role ROLE | user reset-password NAME   adds a user, or gives one a new password';

  constructor(
    private readonly registry: CommandRegistry,
    private readonly createUser: CreateUser,
    private readonly changeUser: ChangeUser,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async run(argv: string[]): Promise<number> {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { role: { type: 'string' }, 'display-name': { type: 'string' } },
    });
    const [verb, username] = positionals;
    const password = newSecret().slice(0, 20);
    if (verb === 'add' && username !== undefined && values.role !== undefined) {
      if (!(ROLES as readonly string[]).includes(values.role))
        throw new DomainError('FIELD_INVALID', { field: 'role', reason: `use one of ${ROLES.join(', ')}.` });
      const displayName = values['display-name'] ?? username;
      await this.createUser.execute(CONTEXT, { username, displayName, role: values.role as Role, password });
    } else if (verb === 'reset-password' && username !== undefined) {
      await this.changeUser.execute(CONTEXT, username, { password, active: true });
    } else {
      process.stderr.write(`${USAGE}\n`);
      return 2;
    }
    process.stdout.write(`${username}: ${password}\n`);
    return 0;
  }
}

@Module({ imports: [CliModule, AccessModule], providers: [UserCommand] })
export class AccessCliModule {}
