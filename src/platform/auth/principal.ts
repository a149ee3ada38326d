import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Permission, Role } from './permissions';

/** Who calls: a person with a session, or a machine with a key. */
export interface Principal {
  /** `user:anna` or `key:erp` */
  actor: string;
  name: string;
  displayName: string;
  role: Role;
  permissions: readonly Permission[];
}

export interface AuthenticatedRequest extends FastifyRequest {
  principal?: Principal;
}

export const Principal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!principal) throw new Error('A public route has no principal');
  return principal;
});
