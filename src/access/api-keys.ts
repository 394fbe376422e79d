import { once } from 'node:events';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { type Clock, systemClock } from '../contracts/clock.js';
import { permanent, transient } from '../contracts/failure.js';
import { nearest } from '../contracts/nearest.js';
import { KEY_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import {
  digestOf,
  formatKey,
  isSecretOf,
  type Key,
  type KeyRecord,
  type KeyText,
  type ListedKey,
  newKeyText,
  parseKey,
} from './key.js';
import { KnownKeys } from './known-keys.js';
import { ADD_FIRST_ADMIN, REVOKE } from './key-scripts.js';
import { checkNewKey, type NewKey } from './new-key.js';

const KEYS = `${KEY_PREFIX}:access:keys`;
const USED = `${KEY_PREFIX}:access:used`;

/** How long it may take until the first command can be sent. */
const CONNECT_MS = 5_000;
const NOTE_USE_EVERY_MS = 60_000;

export interface CreatedKey {
  readonly key: Key;
  /** `sgm_…`: shown once and kept nowhere. */
  readonly text: string;
}

interface AccessCommands extends Redis {
  addFirstAdmin(keys: string, id: string, record: string): Promise<number>;
  revokeKey(keys: string, id: string, force: '0' | '1'): Promise<string>;
}

/**
 * The keys of people and senders. Every method throws a transient `Failure` `access.unavailable` while Redis is away:
 * that a key cannot be checked does not make it wrong.
 */
@Injectable()
export class ApiKeys implements OnModuleInit {
  private readonly clock: Clock = systemClock;
  private readonly redis: AccessCommands;
  private readonly known = new KnownKeys(this.clock, (id) => this.read(id));
  private readonly notedAt = new Map<string, number>();

  constructor(connections: RedisConnections) {
    this.redis = connections.forRequests() as AccessCommands;
    this.redis.defineCommand('addFirstAdmin', { numberOfKeys: 1, lua: ADD_FIRST_ADMIN });
    this.redis.defineCommand('revokeKey', { numberOfKeys: 1, lua: REVOKE });
  }

  /** Commands of this connection fail until it stands, and a command line asks at once. */
  async onModuleInit(): Promise<void> {
    if (this.redis.status === 'ready') return;
    await once(this.redis, 'ready', { signal: AbortSignal.timeout(CONNECT_MS) }).catch(() => undefined);
  }

  /**
   * Makes a key and shows it this once.
   * @throws Failure `key.invalid` when the name, the role or the source cannot be.
   */
  async create(wanted: NewKey): Promise<CreatedKey> {
    checkNewKey(wanted);
    const text = newKeyText();
    const record = this.recordOf(wanted, text);
    await this.ask(this.redis.hset(KEYS, text.id, JSON.stringify(record)));
    return { key: toKey(record), text: formatKey(text) };
  }

  /** Makes an admin key only when there is none; undefined when there is one. Of many that try at once, one does. */
  async createFirstAdmin(createdBy: string): Promise<CreatedKey | undefined> {
    const text = newKeyText();
    const record = this.recordOf({ name: 'first admin', role: 'admin', createdBy }, text);
    const added = await this.ask(this.redis.addFirstAdmin(KEYS, text.id, JSON.stringify(record)));
    return added === 1 ? { key: toKey(record), text: formatKey(text) } : undefined;
  }

  /** The oldest first. */
  async list(): Promise<ListedKey[]> {
    const [records, used] = await this.ask(Promise.all([this.redis.hvals(KEYS), this.redis.hgetall(USED)]));
    return records
      .map((text) => {
        const record = JSON.parse(text) as KeyRecord;
        const at = Object.hasOwn(used, record.id) ? Number(used[record.id]) : undefined;
        const { createdAt, createdBy } = record;
        const lastUsed = at === undefined ? {} : { lastUsedAt: new Date(at).toISOString() };
        return { ...toKey(record), createdAt, createdBy, ...lastUsed };
      })
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  /**
   * Takes a key back. Other processes take it for 5 s more at most, this one not at all.
   * @throws Failure `key.unknown` with the nearest id; `key.last_admin` unless `force`.
   */
  async revoke(id: string, { force = false }: { readonly force?: boolean } = {}): Promise<Key> {
    const answer = await this.ask(this.redis.revokeKey(KEYS, id, force ? '1' : '0'));
    if (answer === 'unknown') throw await this.unknown(id);
    if (answer === 'last')
      throw permanent(
        'key.last_admin',
        `Key ${id} is the last one of an admin: make another first, or revoke it with --force at the command line.`,
      );
    this.known.forget(id);
    await this.redis.hdel(USED, id).catch(() => undefined);
    return toKey(JSON.parse(answer) as KeyRecord);
  }

  /** Whose key it is; undefined when it is nobody's. What Redis said of it is believed for 5 s. */
  async verify(presented: string): Promise<Key | undefined> {
    const text = parseKey(presented);
    if (text === undefined) return undefined;
    const record = await this.ask(this.known.find(text.id));
    if (record === undefined || !isSecretOf(record.digest, text.secret)) return undefined;
    this.noteUse(text.id);
    return toKey(record);
  }

  /** Nobody waits for it, and nothing depends on it. */
  private noteUse(id: string): void {
    const now = this.clock.now();
    if (now - (this.notedAt.get(id) ?? 0) < NOTE_USE_EVERY_MS) return;
    this.notedAt.set(id, now);
    this.redis.hset(USED, id, now).catch(() => undefined);
  }

  private async read(id: string): Promise<KeyRecord | undefined> {
    const text = await this.redis.hget(KEYS, id);
    return text === null ? undefined : (JSON.parse(text) as KeyRecord);
  }

  private recordOf({ name, role, source, createdBy }: NewKey, { id, secret }: KeyText): KeyRecord {
    const createdAt = new Date(this.clock.now()).toISOString();
    const good = source === undefined ? {} : { source };
    return { id, name, role, ...good, digest: digestOf(secret), createdAt, createdBy };
  }

  private async unknown(id: string): Promise<Error> {
    const near = nearest(id, await this.ask(this.redis.hkeys(KEYS)));
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    return permanent('key.unknown', `There is no key ${JSON.stringify(id)}.${hint}`);
  }

  private async ask<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked;
    } catch (cause) {
      throw transient(
        'access.unavailable',
        'Keys cannot be looked up now, because Redis does not answer; try again.',
        { cause },
      );
    }
  }
}

function toKey({ id, name, role, source }: Key): Key {
  return { id, name, role, ...(source === undefined ? {} : { source }) };
}
