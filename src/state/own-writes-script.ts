import { ERASED_FIELD, FLOW_MARK } from '../contracts/memory.js';
import { KEEP_OWNER } from './owner-script.js';

/** Field of a lead's owner: a cmsgpack list of what was written to the lead, the latest last. */
export const WRITES_FIELD = `${FLOW_MARK}w`;

/** How long after a write what it makes may have happened. Noted writes are kept as long. */
export const COMES_BACK_MS = 6 * 3_600_000;

/** How long after a write a smart campaign counts as answering it, and an activity that tells but half as being made by it. */
const SOON_MS = 10 * 60_000;

/** Writes to one lead that are remembered one by one. */
export const MOST_WRITES = 32;

/** Characters of a hash in a token; a token is four of them, see `tokenOf`. */
export const MARK_LENGTH = 8;

/**
 * For scripts: a write is {effect, rule, event, depth, first attempt, last attempt, tokens, when Redis was told, the earliest
 * time that its activities can have, ends, rest}, times in epoch milliseconds but for when Redis was told, tokens one behind
 * the other. Ends: by the place of a token, when it ceased to hold. Rest: false, or of the sum of a rule's writes how
 * many activities of each kind are still to come back. Sums stand before the others.
 */
export const READ_WRITES = `
local EFFECT, RULE, EVENT, DEPTH, FIRST, LAST, TOKENS, TOLD, SINCE, ENDS, REST = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
local SOON, MARK, TOKEN = ${SOON_MS}, ${MARK_LENGTH}, ${4 * MARK_LENGTH}

-- Microseconds, which no script is faster than: it says which of two ran first.
local function clock()
  local now = redis.call('TIME')
  return now[1] * 1000000 + now[2]
end

-- The latest of these before a time that somebody could be answering then.
local function answered(writes, time, isMeant)
  for i = #writes, 1, -1 do
    local write = writes[i]
    if write[FIRST] <= time and time <= write[LAST] + SOON and isMeant(write) then return write end
  end
end
`;

/**
 * For scripts: what is too much goes into a sum of its rule. Forgotten, it would come back as somebody else's and set the rule
 * off again, and a rule that writes fast enough would never come to an end. So as many activities of each kind as were still
 * to come back are taken for the rule's, whatever they tell, and a campaign may have answered it as before.
 */
const SUM_UP = `
-- Goes first: one of which all has come back, else the oldest.
local function tooMuch(writes)
  local oldest
  for at, write in ipairs(writes) do
    if not write[REST] then
      if not string.find(write[TOKENS], '[^-]') then return at end
      oldest = oldest or at
    end
  end
  return oldest
end

local function sumOf(writes, rule)
  for _, write in ipairs(writes) do
    if write[REST] and write[RULE] == rule then return write end
  end
end

local function sumUp(writes)
  local write = table.remove(writes, tooMuch(writes))
  local sum = sumOf(writes, write[RULE])
  if not sum then
    sum = {write[EFFECT], write[RULE], write[EVENT], 0, write[FIRST], 0, '', 0, write[SINCE], {}, {}}
    table.insert(writes, 1, sum)
  end
  sum[EFFECT], sum[EVENT] = write[EFFECT], write[EVENT]
  for _, each in ipairs({DEPTH, LAST, TOLD}) do sum[each] = math.max(sum[each], write[each]) end
  for _, each in ipairs({FIRST, SINCE}) do sum[each] = math.min(sum[each], write[each]) end
  for at = 1, #write[TOKENS], TOKEN do
    local kind = string.sub(write[TOKENS], at + 3 * MARK, at + TOKEN - 1)
    local isToCome = not write[ENDS][at] and string.find(kind, '[^-]')
    if isToCome then sum[REST][kind] = (sum[REST][kind] or 0) + 1 end
  end
end
`;

/**
 * Notes a write before it is made. One that is made again keeps the time of its first attempt. Nothing is noted of a
 * lead who was erased or merged away.
 *
 * KEYS[1] the owner's hash. ARGV: effect, rule, event, depth, epoch milliseconds, tokens, the earliest time that its activities can
 * have.
 */
export const NOTE_WRITE = `${KEEP_OWNER}${READ_WRITES}${SUM_UP}
local effect, rule, event, depth, at, tokens, since = unpack(ARGV)
local erased, held = unpack(redis.call('HMGET', KEYS[1], '${ERASED_FIELD}', '${WRITES_FIELD}'))
if erased then return end
at = tonumber(at)
local first, told, writes, single = at, clock(), {}, 1
for _, write in ipairs(held and cmsgpack.unpack(held) or {}) do
  if write[EFFECT] == effect and not write[REST] then first, told = write[FIRST], write[TOLD]
  elseif write[LAST] + ${COMES_BACK_MS} > at then
    writes[#writes + 1] = write
    if not write[REST] then single = single + 1 end
  end
end
since = math.min(first, tonumber(since))
writes[#writes + 1] = {effect, rule, event, tonumber(depth), first, at, tokens, told, since, {}, false}
if single > ${MOST_WRITES} then sumUp(writes) end
redis.call('HSET', KEYS[1], '${WRITES_FIELD}', cmsgpack.pack(writes))
keepOwner(KEYS[1], ${COMES_BACK_MS})
`;

/** KEYS[1] the owner's hash. ARGV: the effect whose write was not made. */
export const WITHDRAW_WRITE = `${READ_WRITES}
local held = redis.call('HGET', KEYS[1], '${WRITES_FIELD}')
local writes = {}
for _, write in ipairs(held and cmsgpack.unpack(held) or {}) do
  if write[EFFECT] ~= ARGV[1] or write[REST] then writes[#writes + 1] = write end
end
if #writes > 0 then redis.call('HSET', KEYS[1], '${WRITES_FIELD}', cmsgpack.pack(writes))
elseif held then redis.call('HDEL', KEYS[1], '${WRITES_FIELD}') end
`;
