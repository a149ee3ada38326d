import { Module, OnApplicationBootstrap } from '@nestjs/common';
import { AccessModule } from './access.module';
import { BootstrapAccess } from './app/bootstrap-access';
import { ApiKeysController } from './http/api-keys.controller';
import { AuthController } from './http/auth.controller';
import { UsersController } from './http/users.controller';

@Module({ imports: [AccessModule], controllers: [AuthController, UsersController, ApiKeysController] })
export class AccessHttpModule implements OnApplicationBootstrap {
  constructor(private readonly bootstrap: BootstrapAccess) {}

  async onApplicationBootstrap(): Promise<void> {
    const { password } = await this.bootstrap.execute();
    // For the person who starts it, once, and for no log file that is kept: a plain line, not a log record.
    if (password !== null) process.stdout.write(`Unitrail admin password: ${password}\n`);
  }
}
