/**
 * Owns users, sessions and API keys. Promises that secrets are kept as hashes alone, that somebody can always get in (the last
 * administrator stays one), and that every change leaves an audit line. The guard in platform/auth asks through `Authenticator`.
 */
export * from './access.cli';
export * from './access.http';
export * from './access.module';
export { ChangeUser } from './app/change-user';
export { ConfirmPerson } from './app/confirm-person';
export type { Confirmed } from './app/confirm-person';
export { CreateApiKey } from './app/create-api-key';
export { CreateUser } from './app/create-user';
