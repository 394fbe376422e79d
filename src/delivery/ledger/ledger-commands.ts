import type { Redis } from 'ioredis';
import { CLAIM, SETTLE } from './attempt-scripts.js';
import { FORGET, GIVE_UP, HOLD, RELEASE, SUPPRESS, UNDO } from './decision-scripts.js';

type Argument = string | number;

/** Every script takes how many keys it has first. What the keys and the arguments are stands with each script. */
export interface LedgerCommands extends Redis {
  claimEffect(keys: number, ...keysAndArgs: Argument[]): Promise<[string, string, string, string]>;
  settleEffect(keys: number, ...keysAndArgs: Argument[]): Promise<string>;
  giveUpEffect(keys: number, ...keysAndArgs: Argument[]): Promise<null>;
  suppressEffect(keys: number, ...keysAndArgs: Argument[]): Promise<0 | 1>;
  holdEffect(keys: number, ...keysAndArgs: Argument[]): Promise<0 | 1>;
  releaseEffect(keys: number, ...keysAndArgs: Argument[]): Promise<0 | 1>;
  undoEffect(keys: number, ...keysAndArgs: Argument[]): Promise<0 | 1>;
  forgetEffect(keys: number, ...keysAndArgs: Argument[]): Promise<null>;
}

/** Teaches the connection the scripts of the ledger. */
export function withLedgerCommands(redis: Redis): LedgerCommands {
  redis.defineCommand('claimEffect', { lua: CLAIM });
  redis.defineCommand('settleEffect', { lua: SETTLE });
  redis.defineCommand('giveUpEffect', { lua: GIVE_UP });
  redis.defineCommand('suppressEffect', { lua: SUPPRESS });
  redis.defineCommand('holdEffect', { lua: HOLD });
  redis.defineCommand('releaseEffect', { lua: RELEASE });
  redis.defineCommand('undoEffect', { lua: UNDO });
  redis.defineCommand('forgetEffect', { lua: FORGET });
  return redis as LedgerCommands;
}
