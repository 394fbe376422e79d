/**
 * Asks for one call. What was taken lies in the hash KEYS[1]: `pausedUntil`, and of `day` the number `taken`. A day goes
 * by the midnight with which it ends. KEYS[2] lists the times of the last calls, the newest first, no more of them than
 * may be within one window: when the list is full and its last is within the window, the next call is too early.
 * KEYS[3] holds the usage of a `day`: how many calls all together have `used`. Times are epoch milliseconds.
 *
 * ARGV: now, day, window, calls a window, milliseconds to keep; for a look-up also the calls a day, and from how many
 * calls of all on none may be made any more, empty for no such limit. Answers what is in the way, empty for nothing, and
 * until when.
 */
export const TAKE_READ = `
local now, day, window, most = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local kept = redis.call('HMGET', KEYS[1], 'pausedUntil', 'day', 'taken')
if tonumber(kept[1] or '0') > now then return {'paused', kept[1]} end

local taken = kept[2] == day and tonumber(kept[3]) or 0
if ARGV[6] then
  if taken >= tonumber(ARGV[6]) then return {'day', day} end
  local usage = redis.call('HMGET', KEYS[3], 'day', 'used')
  if ARGV[7] ~= '' and usage[1] == day and tonumber(usage[2]) >= tonumber(ARGV[7]) then return {'used', day} end
end

local earliest = tonumber(redis.call('LINDEX', KEYS[2], most - 1) or '0')
-- One from beyond now was noted by a clock that runs ahead, and must not keep the others waiting for it.
if earliest > now - window and earliest <= now then
  return {'window', string.format('%.0f', earliest + window)}
end

redis.call('LPUSH', KEYS[2], now)
redis.call('LTRIM', KEYS[2], 0, most - 1)
redis.call('PEXPIRE', KEYS[2], ARGV[5])
if ARGV[6] then
  redis.call('HSET', KEYS[1], 'day', day, 'taken', taken + 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
return {'', '0'}
`;

/** KEYS[1]: as above. ARGV: until when, milliseconds to keep. The longest pause counts. */
export const PAUSE_READS = `
if tonumber(redis.call('HGET', KEYS[1], 'pausedUntil') or '0') < tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'pausedUntil', ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
`;
