// What is known of the calls to an instance:
//
// - a book, a hash: of `day`, told by the midnight with which it ends, how many calls were `taken`, `lookUps` among them.
//   `seen` is the time of the last reading of the usage that was taken into account, and `base` how many of our calls that
//   reading has counted in; `mark` is what `base` will be for the reading that is under way. `pausedUntil`; `usedUpUntil`,
//   when Marketo says that the calls of the day are used up, with `probeAt`, when a call may find out whether they still
//   are, and `probe`, the lease of that call; `lowered` and `loweredUntil`: fewer calls at once for a while.
// - the recent calls, a sorted set of leases by when they were granted.
// - the places that are taken, a sorted set of leases by when they end.
// - the usage, a hash: how many calls all together had `used` of a `day` when it was read `at`.
//
// Times are epoch milliseconds: those of a day and of the usage by the clock of whoever asks, all others by that of Redis,
// since machines differ. Only a simulation gives the time itself.

const NOW = `
local function clock(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`;

/** How many calls of the day are used, as far as is known: what was read, and what we have taken since. */
const DAY_USE = `
local function dayUse(key, book, usageKey, day, underWay)
  local taken = book.day == day and tonumber(book.taken) or 0
  local usage = redis.call('HMGET', usageKey, 'day', 'used', 'at')
  if usage[1] ~= day then return taken, taken end
  if book.day ~= day or book.seen ~= usage[3] then
    -- A call under way may not be counted in yet.
    book.base = book.day == day and book.mark or taken - underWay
    book.seen = usage[3]
    redis.call('HSET', key, 'base', book.base, 'seen', book.seen)
  end
  return tonumber(usage[2]) + taken - tonumber(book.base), taken
end

local function read(key)
  local book, flat = {}, redis.call('HGETALL', key)
  for i = 1, #flat, 2 do book[flat[i]] = flat[i + 1] end
  return book
end
`;

/**
 * Asks for one call. KEYS: book, recent, places, usage. ARGV: now or empty, day, window, calls a window, calls at once,
 * share of both in percent, lease, how long it lasts, milliseconds to keep, how many calls of all end the day or empty,
 * how many look-ups a day for a look-up or empty, 1 for the call that reads the usage, how long one that finds out is
 * waited for.
 *
 * Answers what is in the way, empty for nothing, and for how many milliseconds it is at least; 0 where nobody knows or
 * it is for the rest of the day.
 */
export const TAKE_CALL = `${NOW}${DAY_USE}
local now, day, window = clock(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local lease, leaseEnd, keep = ARGV[7], now + tonumber(ARGV[8]), ARGV[9]
local book = read(KEYS[1])
local function time(name) return tonumber(book[name] or '0') end
local function most(limit) return math.max(1, math.floor(limit * tonumber(ARGV[6]) / 100)) end
local function refused(obstacle, untilWhen) return {obstacle, (untilWhen or now) - now} end

if time('pausedUntil') > now then return refused('paused', time('pausedUntil')) end
local probing = time('usedUpUntil') >= tonumber(day)
if probing and time('probeAt') > now then return refused('used-up', time('probeAt')) end

redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
local underWay = redis.call('ZCARD', KEYS[3])
local used, taken = dayUse(KEYS[1], book, KEYS[4], day, underWay)
local lookUps = book.day == day and tonumber(book.lookUps or '0') or 0
if ARGV[11] ~= '' and lookUps >= tonumber(ARGV[11]) then return refused('look-ups') end
if ARGV[10] ~= '' and used >= tonumber(ARGV[10]) then return refused('day') end

-- One from far beyond now was noted before the clock was set back, and must not keep anybody waiting for it.
redis.call('ZREMRANGEBYSCORE', KEYS[2], now + window, '+inf')
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - window)
local recent, mostRecent = redis.call('ZCARD', KEYS[2]), most(tonumber(ARGV[4]))
if recent >= mostRecent then
  local first = redis.call('ZRANGE', KEYS[2], recent - mostRecent, recent - mostRecent, 'WITHSCORES')
  return refused('window', first[2] + window)
end
local atOnce = tonumber(ARGV[5])
if time('loweredUntil') > now then atOnce = math.min(atOnce, tonumber(book.lowered)) end
if underWay >= most(atOnce) then return refused('places') end

if book.day ~= day then redis.call('HDEL', KEYS[1], 'lookUps', 'mark') end
redis.call('HSET', KEYS[1], 'day', day, 'taken', taken + 1)
if ARGV[11] ~= '' then redis.call('HSET', KEYS[1], 'lookUps', lookUps + 1) end
if ARGV[12] == '1' then redis.call('HSET', KEYS[1], 'mark', taken - underWay) end
if probing then redis.call('HSET', KEYS[1], 'probe', lease, 'probeAt', now + tonumber(ARGV[13])) end
redis.call('ZADD', KEYS[2], now, lease)
redis.call('ZADD', KEYS[3], leaseEnd, lease)
for index = 1, 3 do redis.call('PEXPIRE', KEYS[index], keep) end
return {'', 0}
`;

/**
 * Gives a place back and takes to heart what Marketo said. KEYS: book, places. ARGV: lease, now or empty, the code that it
 * said or `done` or empty, day, calls at once, window, milliseconds until it is found out whether the day is still used up,
 * milliseconds for which fewer calls are made at once, milliseconds to keep.
 */
export const END_CALL = `${NOW}
local now, said = clock(ARGV[2]), ARGV[3]
redis.call('ZREM', KEYS[2], ARGV[1])
local known = redis.call('HMGET', KEYS[1], 'probe', 'pausedUntil', 'lowered', 'loweredUntil')
if said == 'done' then
  if known[1] == ARGV[1] then redis.call('HDEL', KEYS[1], 'probe', 'probeAt', 'usedUpUntil') end
elseif said == '606' then
  local untilWhen = math.max(tonumber(known[2] or '0'), now + tonumber(ARGV[6]))
  redis.call('HSET', KEYS[1], 'pausedUntil', string.format('%.0f', untilWhen))
elseif said == '607' then
  redis.call('HSET', KEYS[1], 'usedUpUntil', ARGV[4], 'probeAt', string.format('%.0f', now + tonumber(ARGV[7])))
elseif said == '615' then
  local atOnce = tonumber(known[4] or '0') > now and tonumber(known[3]) or tonumber(ARGV[5])
  local untilWhen = string.format('%.0f', now + tonumber(ARGV[8]))
  redis.call('HSET', KEYS[1], 'lowered', math.max(1, math.floor(atOnce / 2)), 'loweredUntil', untilWhen)
end
redis.call('PEXPIRE', KEYS[1], ARGV[9])
`;

/** KEYS: as for taking a call. ARGV: now or empty, day, window. Answers the recent calls, those under way, those of the day. */
export const REPORT_CALLS = `${NOW}${DAY_USE}
local now = clock(ARGV[1])
local underWay = redis.call('ZCOUNT', KEYS[3], '(' .. string.format('%.0f', now), '+inf')
local recent = redis.call('ZCOUNT', KEYS[2], '(' .. string.format('%.0f', now - tonumber(ARGV[3])), '+inf')
local used = dayUse(KEYS[1], read(KEYS[1]), KEYS[4], ARGV[2], underWay)
return {recent, underWay, used}
`;
