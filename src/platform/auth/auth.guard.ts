import { CanActivate, ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '@/kernel';
import { SESSION_COOKIE } from '@/platform/http';
import { AUTHENTICATOR, type Authenticator } from './authenticator';
import { PERMISSION, PUBLIC } from './decorators';
import type { AuthenticatedRequest, Principal } from './principal';
import type { Permission } from './permissions';

/** Lets a request through that is public, or whose caller has the permission that the route names. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, places)) return true;
    const permission = this.reflector.getAllAndOverride<Permission | 'any' | undefined>(PERMISSION, places);
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const principal = await this.principalOf(request);
    if (!principal) throw new DomainError('UNAUTHENTICATED');
    // The boot refuses a route that names none (RouteCheck); should one slip through, it stays closed.
    if (permission !== 'any' && (permission === undefined || !principal.permissions.includes(permission)))
      throw new DomainError('FORBIDDEN', { permission, role: principal.role });
    request.principal = principal;
    return true;
  }

  private async principalOf(request: AuthenticatedRequest): Promise<Principal | null> {
    const header = request.headers.authorization;
    if (header !== undefined) {
      const key = /^Bearer (\S{1,200})$/i.exec(header)?.[1];
      return key ? this.authenticator.byKey(key) : null;
    }
    const token = request.cookies[SESSION_COOKIE];
    return token ? this.authenticator.bySession(token) : null;
  }
}
