import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AuthGuard } from './auth.guard';
import { RouteCheck } from './route-check';

/** Needs a global provider of AUTHENTICATOR. */
@Module({
  imports: [DiscoveryModule],
  providers: [{ provide: APP_GUARD, useClass: AuthGuard }, RouteCheck],
})
export class AuthModule {}
