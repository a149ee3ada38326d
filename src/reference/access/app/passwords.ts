import { hash, verify } from '@node-rs/argon2';

/** argon2id (the library's default kind) with 19 MiB and two passes, as OWASP advises: about 40 ms a check. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

let nobody: Promise<string> | undefined;

export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

/** Takes as long for a name that does not exist, so that the time of an answer tells nothing. */
export async function isPassword(passwordHash: string | null, password: string): Promise<boolean> {
  nobody ??= hashPassword('nobody has this password');
  const right = await verify(passwordHash ?? (await nobody), password);
  return right && passwordHash !== null;
}
