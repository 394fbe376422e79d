import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What the holder of a key may do. */
export const KEY_ROLES = ['ingest', 'viewer', 'operator', 'admin'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** Sending and seeing are apart: the key of a sender, which lies on somebody else's machine, opens nothing. */
const INCLUDES: Readonly<Record<KeyRole, readonly KeyRole[]>> = {
  ingest: ['ingest'],
  viewer: ['viewer'],
  operator: ['viewer', 'operator'],
  admin: ['viewer', 'operator', 'admin'],
};

export function includes(role: KeyRole, needed: KeyRole): boolean {
  return INCLUDES[role].includes(needed);
}

/** Who speaks. */
export interface Key {
  readonly id: string;
  readonly name: string;
  readonly role: KeyRole;
  /** Of an `ingest` key: the only source that it may send to. */
  readonly source?: string;
}

/** A key as lists show it. */
export interface ListedKey extends Key {
  /** RFC 3339 in UTC. */
  readonly createdAt: string;
  /** The id of the key, or `cli:<user>`, that made it. */
  readonly createdBy: string;
  /** RFC 3339 in UTC, late by up to a minute; missing when it was never used. */
  readonly lastUsedAt?: string;
}

/** What is kept of a key: everything but its secret. */
export interface KeyRecord extends Key {
  readonly digest: string;
  readonly createdAt: string;
  readonly createdBy: string;
}

const KEY_FORM = /^sgm_([0-9a-f]{10})_([A-Za-z0-9_-]{43})$/;
const SECRET_BYTES = 32;
const ID_BYTES = 5;

export interface KeyText {
  readonly id: string;
  readonly secret: string;
}

export function newKeyText(): KeyText {
  return {
    id: randomBytes(ID_BYTES).toString('hex'),
    secret: randomBytes(SECRET_BYTES).toString('base64url'),
  };
}

/** What its holder presents. */
export function formatKey({ id, secret }: KeyText): string {
  return `sgm_${id}_${secret}`;
}

/** Undefined for whatever is no key of ours. */
export function parseKey(presented: string): KeyText | undefined {
  const [, id, secret] = KEY_FORM.exec(presented) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/**
 * What is kept of a secret. A fast hash is right here: the secret is 256 random bits, so nobody can try them all, and
 * the door checks one with every request.
 */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Compares in a time that tells nothing of where the two differ. */
export function isSecretOf(digest: string, secret: string): boolean {
  const given = Buffer.from(digestOf(secret));
  const kept = Buffer.from(digest);
  return given.length === kept.length && timingSafeEqual(given, kept);
}
