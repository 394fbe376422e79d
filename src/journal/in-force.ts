import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { systemClock } from '../contracts/clock.js';
import { RedisConnections } from '../redis/redis-connections.js';
import type { ConfiguredThing } from './journal-entry.js';
import { AUDIT_STREAM } from './journal.js';

/**
 * Compares what is in force with what was in force last and appends a line to the audit book for each difference. The
 * first time of all there is nothing to compare with. KEYS: the book, the hash of name → version. ARGV: entries to keep,
 * time, place, kind, then names and versions.
 */
const NOTE_IN_FORCE = `
local call = redis.call
local kind = ARGV[4]
local function append(what, target, detail)
  local audit = {at = ARGV[2], who = 'file', from = ARGV[3], what = kind .. '.' .. what, target = target, detail = detail}
  call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'entry', cjson.encode({kind = 'audit', audit = audit}))
end
local first = call('EXISTS', KEYS[2]) == 0
local before, now = {}, {}
local known = call('HGETALL', KEYS[2])
for i = 1, #known, 2 do before[known[i]] = known[i + 1] end
for i = 5, #ARGV, 2 do
  local name, version = ARGV[i], ARGV[i + 1]
  now[name] = true
  if before[name] ~= version then
    call('HSET', KEYS[2], name, version)
    if first then -- nothing to compare with
    elseif before[name] then append('changed', name, before[name] .. ' to ' .. version)
    else append('added', name, version) end
  end
end
for name, version in pairs(before) do
  if name ~= '' and not now[name] then
    call('HDEL', KEYS[2], name)
    append('removed', name, version)
  end
end
call('HSET', KEYS[2], '', '')
`;

interface InForceCommands extends Redis {
  noteInForce(book: string, hash: string, ...args: (string | number)[]): Promise<null>;
}

/** What people change in files: it goes into the audit book once, whichever process sees it first. */
@Injectable()
export class InForce {
  private readonly redis: InForceCommands;

  constructor(connections: RedisConnections) {
    const redis = connections.forWorkers();
    redis.defineCommand('noteInForce', { numberOfKeys: 2, lua: NOTE_IN_FORCE });
    this.redis = redis as InForceCommands;
  }

  /** `versions`: all that is in force of this kind, by name. Files do not say who changed them. */
  async note(kind: ConfiguredThing, versions: ReadonlyMap<string, string>): Promise<void> {
    const at = new Date(systemClock.now()).toISOString();
    const { key, keep } = AUDIT_STREAM;
    await this.redis.noteInForce(
      key,
      `{${key}}:in-force:${kind}`,
      ...[keep, at, hostname(), kind],
      ...[...versions].flat(),
    );
  }
}
