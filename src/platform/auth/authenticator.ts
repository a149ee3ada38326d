import type { Principal } from './principal';

/** What the guard needs to know of users and keys; those live above, in reference/access. */
export interface Authenticator {
  /** null when there is no such session, or it has ended */
  bySession(token: string): Promise<Principal | null>;
  byKey(key: string): Promise<Principal | null>;
}

export const AUTHENTICATOR = Symbol('Authenticator');
