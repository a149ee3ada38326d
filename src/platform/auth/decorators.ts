import { createParamDecorator, ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Context } from '@/platform/db';
import type { Permission } from './permissions';
import type { AuthenticatedRequest } from './principal';

export const PERMISSION = Symbol('permission');
export const PUBLIC = Symbol('public');

/** The one permission that a route needs; on the method, or on the controller for all of its routes. */
export const RequirePermission = (permission: Permission) => SetMetadata(PERMISSION, permission);

/** A route that anyone may call: sign-in, health. */
export const Public = () => SetMetadata(PUBLIC, true);

/** Any signed-in user or key may call it: what it shows belongs to them. */
export const SignedIn = () => SetMetadata(PERMISSION, 'any');

/** Who acts, for the unit of work: the actor names the facts' source too. */
export const Ctx = createParamDecorator((_: unknown, context: ExecutionContext): Context => {
  const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
  const actor = request.principal?.actor ?? 'anonymous';
  return { actor, source: actor, requestId: String(request.id) };
});
