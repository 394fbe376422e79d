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

/** The bytes of a batch, from its JSON; and the end of counting it as stored, unless it does not. */
const COUNTING = `
local function bytesOf(batch)
  local sum = 0
  for _, length in ipairs(cjson.decode(batch).lengths) do sum = sum + length end
  return sum
end
local function takeOff(stored, backlog, jobId)
  local batch = redis.call('HGET', stored, jobId)
  if not batch then return 0 end
  redis.call('HDEL', stored, jobId)
  redis.call('HINCRBY', backlog, 'bytes', 0 - bytesOf(batch))
  redis.call('HINCRBY', backlog, 'batches', -1)
  return 1
end
`;

/**
 * Notes that a batch is stored, if its bodies are, once however often the command is sent; from then on they stay until
 * it ends. KEYS: the hash of stored batches, the backlog, the bodies, keys of tallies. ARGV: job id, the batch as JSON,
 * tallies.
 */
export const NOTE_STORED = `${MAKE_TALLIES}${COUNTING}
if redis.call('PERSIST', KEYS[3]) == 0 then return 0 end
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[2], 'bytes', bytesOf(ARGV[2]))
redis.call('HINCRBY', KEYS[2], 'batches', 1)
tally(4, 3)
return 1
`;

/**
 * Ends a batch: drops its bodies, claims and memo and makes its tallies, once however often the batch is worked through.
 * KEYS: the hash of stored batches, the backlog, the bodies, the claims, the memo, keys of tallies. ARGV: job id, tallies.
 */
export const FINISH = `${MAKE_TALLIES}${COUNTING}
redis.call('UNLINK', KEYS[3], KEYS[4], KEYS[5])
if takeOff(KEYS[1], KEYS[2], ARGV[1]) == 0 then return 0 end
tally(6, 2)
return 1
`;

/**
 * Forgets a batch whose bodies are gone though it was not ended. It is not counted as seen, so it shows as missing.
 * KEYS: the hash of stored batches, the backlog, the bodies. ARGV: job id.
 */
export const FORGET_LOST = `${COUNTING}
if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
return takeOff(KEYS[1], KEYS[2], ARGV[1])
`;

/** Makes tallies unless they were made. KEYS: a mark, keys of tallies. ARGV: milliseconds to keep the mark, tallies. */
export const TALLY_ONCE = `${MAKE_TALLIES}
if not redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[1]) then return 0 end
tally(2, 2)
return 1
`;

/** Puts the numbers back to nothing when nothing is stored. KEYS: the hash of stored batches, the backlog. */
export const SETTLE_BACKLOG = `
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('UNLINK', KEYS[2]) end
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
