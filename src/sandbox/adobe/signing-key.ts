import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';

/** An RSA-2048 key of the sender and the path under which its public half is served. */
export interface SigningKey {
  /** `/prod/keys/pub-key-<10 characters>.pem`. */
  readonly path: string;
  readonly privateKey: KeyObject;
}

/** A key as it is kept in a file: the path and the private key in PKCS#8. */
export interface StoredSigningKey {
  readonly path: string;
  readonly privateKeyPem: string;
}

export function newSigningKey(): StoredSigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    path: `/prod/keys/pub-key-${randomName(10)}.pem`,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

export function readSigningKey(stored: StoredSigningKey): SigningKey {
  return { path: stored.path, privateKey: createPrivateKey(stored.privateKeyPem) };
}

/** The public half in PEM (SPKI), as Adobe serves it. */
export function publicPem(key: SigningKey): string {
  return createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' }).toString();
}

/** RSA PKCS#1 v1.5 with SHA-256 over the exact bytes, in base64. */
export function signBytes(body: Buffer, key: SigningKey): string {
  return sign('rsa-sha256', body, key.privateKey).toString('base64');
}

function randomName(length: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('');
}
