import type { Tally } from '../contracts/tally.js';

/**
 * Makes tallies: from `key` on the key of each in KEYS, from `from` on in ARGV its field, `add` or `raise`, number,
 * seconds to keep. (No `unpack`: Lua has no room for thousands of values on its stack.)
 */
const MAKE_TALLIES = `
local function tally(key, from)
  for i = key, #KEYS do
    local field, how, number, keep = ARGV[from], ARGV[from + 1], ARGV[from + 2], tonumber(ARGV[from + 3])
    if how == 'add' then redis.call('HINCRBY', KEYS[i], field, number)
    elseif tonumber(number) > tonumber(redis.call('HGET', KEYS[i], field) or '-1') then
      redis.call('HSET', KEYS[i], field, number)
    end
    if keep > 0 then redis.call('EXPIRE', KEYS[i], keep) end
    from = from + 4
  end
end
`;

/**
 * Notes that the bodies of a batch are stored, once however often the command is sent. KEYS: the hash of stored
 * batches, the backlog, keys of tallies. ARGV: job id, bytes, tallies.
 */
export const NOTE_STORED = `${MAKE_TALLIES}
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[2], 'bytes', ARGV[2])
redis.call('HINCRBY', KEYS[2], 'batches', 1)
tally(3, 3)
return 1
`;

/**
 * Ends a batch: drops its bodies and claims and makes its tallies, once however often the batch is worked through.
 * KEYS: the hash of stored batches, the backlog, the bodies, the claims, keys of tallies. ARGV: job id, tallies.
 */
export const FINISH = `${MAKE_TALLIES}
local bytes = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('UNLINK', KEYS[3], KEYS[4])
if not bytes then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HINCRBY', KEYS[2], 'bytes', '-' .. bytes)
redis.call('HINCRBY', KEYS[2], 'batches', -1)
tally(5, 2)
return 1
`;

/** The part of a script's arguments that its tallies are. */
export function tallyArguments(tallies: readonly Tally[]): { keys: string[]; args: string[] } {
  const keys: string[] = [];
  const args: string[] = [];
  for (const tally of tallies) {
    const [how, number] =
      'add' in tally ? (['add', tally.add] as const) : (['raise', tally.raiseTo] as const);
    keys.push(tally.key);
    args.push(tally.field, how, String(number), String(tally.keepSeconds ?? 0));
  }
  return { keys, args };
}
