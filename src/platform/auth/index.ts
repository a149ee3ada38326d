/**
 * Owns who may call what: permissions, roles, the guard, and the check at boot that every route names its permission.
 * Users and keys themselves live in reference/access, behind the `Authenticator` port.
 */
export * from './auth.module';
export * from './authenticator';
export { Ctx, Public, RequirePermission, SignedIn } from './decorators';
export * from './permissions';
export { Principal } from './principal';
