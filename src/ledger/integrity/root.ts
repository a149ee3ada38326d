/** The newest root of the two chains as a document of its own: to be kept where nobody who can write the database can. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, KeyObject, sign, verify } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canonicalJson, DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import type { KeptRoot } from './verify';

const FORMAT = 'unitrail-root-1';

export interface Root extends KeptRoot {
  format: typeof FORMAT;
  /** when the newest position was sealed */
  sealedAt: string | null;
  exportedAt: string;
}

export interface SignedRoot {
  root: Root;
  /** over the root's canonical JSON (keys in order, no spaces), base64; absent where it was not asked for */
  signature?: string;
  algorithm?: 'Ed25519';
  publicKey?: string;
}

export async function newestRoot(q: Queryable, exportedAt: Date): Promise<Root> {
  const [ledger] = await q.query<{ position: number; hash: Buffer; sealed_at: Date }>(
    'SELECT position, hash, sealed_at FROM ledger_seal ORDER BY position DESC LIMIT 1',
  );
  const [audit] = await q.query<{ position: number; hash: Buffer }>(
    'SELECT position, hash FROM audit_seal ORDER BY position DESC LIMIT 1',
  );
  return {
    format: FORMAT,
    position: ledger?.position ?? 0,
    ledgerHash: ledger?.hash.toString('hex') ?? '',
    auditPosition: audit?.position ?? 0,
    auditHash: audit?.hash.toString('hex') ?? '',
    sealedAt: ledger?.sealed_at.toISOString() ?? null,
    exportedAt: exportedAt.toISOString(),
  };
}

export function signRoot(root: Root, key: KeyObject): SignedRoot {
  const signature = sign(null, Buffer.from(canonicalJson(root)), key).toString('base64');
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return { root, signature, algorithm: 'Ed25519', publicKey };
}

/** The private key of a file. */
export function readPrivateKey(path: string): KeyObject {
  const key = readKey(path, createPrivateKey);
  if (key.asymmetricKeyType !== 'ed25519') throw new DomainError('KEY_UNREADABLE', { file: path, expected: 'Ed25519' });
  return key;
}

const KEY_FILE = 'integrity-key.pem';
const OWNER_ONLY = 0o600;

/** The installation's own key pair; made the first time. */
export function ownKey(dataDir: string): { key: KeyObject; path: string; made: boolean } {
  const path = join(dataDir, KEY_FILE);
  if (existsSync(path)) return { key: readPrivateKey(path), path, made: false };
  mkdirSync(dirname(path), { recursive: true });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: OWNER_ONLY, flag: 'wx' });
  chmodSync(path, OWNER_ONLY);
  writeFileSync(`${path}.pub`, publicKey.export({ type: 'spki', format: 'pem' }));
  return { key: privateKey, path, made: true };
}

/** A root file that holds: in our form, and signed by the key where one is named. Throws what is wrong with it. */
export function readRoot(path: string, publicKeyPath: string | undefined): Root {
  const signed = parse(path);
  const { root } = signed;
  if (root?.format !== FORMAT || !Number.isSafeInteger(root.position) || !Number.isSafeInteger(root.auditPosition))
    throw new DomainError('ROOT_UNREADABLE', { file: path });
  if (publicKeyPath === undefined) return root;
  const key = readKey(publicKeyPath, createPublicKey);
  const signature = Buffer.from(signed.signature ?? '', 'base64');
  if (!verify(null, Buffer.from(canonicalJson(root)), key, signature))
    throw new DomainError('ROOT_SIGNATURE', { file: path, key: publicKeyPath });
  return root;
}

function parse(path: string): SignedRoot {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as SignedRoot;
  } catch {
    throw new DomainError('ROOT_UNREADABLE', { file: path });
  }
}

function readKey(path: string, read: (pem: string) => KeyObject): KeyObject {
  try {
    return read(readFileSync(path, 'utf8'));
  } catch {
    throw new DomainError('KEY_UNREADABLE', { file: path, expected: 'PEM' });
  }
}
