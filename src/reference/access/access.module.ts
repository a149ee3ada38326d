import { Global, Injectable, Module } from '@nestjs/common';
import { AUTHENTICATOR, type Authenticator, type Principal } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import { BootstrapAccess } from './app/bootstrap-access';
import { ChangeUser } from './app/change-user';
import { ConfirmPerson } from './app/confirm-person';
import { CreateApiKey } from './app/create-api-key';
import { CreateUser } from './app/create-user';
import { LoginLimit } from './app/login-limit';
import { RevokeApiKey } from './app/revoke-api-key';
import { SignIn } from './app/sign-in';
import { SignOut } from './app/sign-out';
import { principalOfKey, principalOfSession } from './queries';

@Injectable()
class DatabaseAuthenticator implements Authenticator {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {}

  bySession(token: string): Promise<Principal | null> {
    return principalOfSession(this.database, token, this.settings.sessionHours);
  }

  byKey(key: string): Promise<Principal | null> {
    return principalOfKey(this.database, key);
  }
}

const verbs = [
  SignIn,
  SignOut,
  ConfirmPerson,
  CreateUser,
  ChangeUser,
  CreateApiKey,
  RevokeApiKey,
  BootstrapAccess,
  LoginLimit,
];

@Global()
@Module({
  providers: [...verbs, { provide: AUTHENTICATOR, useClass: DatabaseAuthenticator }],
  exports: [...verbs, AUTHENTICATOR],
})
export class AccessModule {}
