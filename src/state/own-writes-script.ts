import { ERASED_FIELD, FLOW_MARK } from '../contracts/memory.js';
import { OWNER_PREFIX } from '../redis/keys.js';
import { IS_CLOSED, KEEP_OWNER } from './owner-script.js';

/** Field of a lead's owner: a cmsgpack list of what was written to the lead, the latest last. */
export const WRITES_FIELD = `${FLOW_MARK}w`;

/** How long after a write what it makes may have happened. Noted writes are kept as long. */
export const COMES_BACK_MS = 6 * 3_600_000;

/** How long after a write a smart campaign counts as answering it, and an activity that tells but half as being made by it. */
export const SOON_MS = 10 * 60_000;

/** Marketo's clock may be so far behind ours. */
const SKEW_MS = 60_000;

/** Writes to one lead that are remembered. */
const MOST_WRITES = 16;

/** Characters of a hash in a token; a token is three of them, see `tokenOf`. */
export const MARK_LENGTH = 8;

/**
 * For scripts: a write is {effect, rule, event, depth, first attempt, last attempt, tokens, when Redis was told, the earliest
 * time that its activities can have}, times in epoch milliseconds, tokens one behind the other.
 */
export const READ_WRITES = `
local EFFECT, RULE, EVENT, DEPTH, FIRST, LAST, TOKENS, TOLD, SINCE = 1, 2, 3, 4, 5, 6, 7, 8, 9
local SOON = ${SOON_MS}

local function clock()
  local now = redis.call('TIME')
  return now[1] * 1000 + math.floor(now[2] / 1000)
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
 * Notes a write before it is made. One that is made again keeps the time of its first attempt. Nothing is noted of a
 * lead who was erased or merged away.
 *
 * KEYS[1] the owner's hash. ARGV: effect, rule, event, depth, epoch milliseconds, tokens, the earliest time that its activities can
 * have.
 */
export const NOTE_WRITE = `${KEEP_OWNER}${READ_WRITES}
local effect, rule, event, depth, at, tokens, since = unpack(ARGV)
local erased, held = unpack(redis.call('HMGET', KEYS[1], '${ERASED_FIELD}', '${WRITES_FIELD}'))
if erased then return end
at = tonumber(at)
local first, told, writes = at, clock(), {}
for _, write in ipairs(held and cmsgpack.unpack(held) or {}) do
  if write[EFFECT] == effect then first, told = write[FIRST], write[TOLD]
  elseif write[LAST] + ${COMES_BACK_MS} > at then writes[#writes + 1] = write end
end
writes[#writes + 1] = {effect, rule, event, tonumber(depth), first, at, tokens, told, math.min(first, tonumber(since))}
if #writes > ${MOST_WRITES} then table.remove(writes, 1) end
redis.call('HSET', KEYS[1], '${WRITES_FIELD}', cmsgpack.pack(writes))
keepOwner(KEYS[1], ${COMES_BACK_MS})
`;

/** KEYS[1] the owner's hash. ARGV: the effect whose write was not made. */
export const WITHDRAW_WRITE = `${READ_WRITES}
local held = redis.call('HGET', KEYS[1], '${WRITES_FIELD}')
local writes = {}
for _, write in ipairs(held and cmsgpack.unpack(held) or {}) do
  if write[EFFECT] ~= ARGV[1] then writes[#writes + 1] = write end
end
if #writes > 0 then redis.call('HSET', KEYS[1], '${WRITES_FIELD}', cmsgpack.pack(writes))
elseif held then redis.call('HDEL', KEYS[1], '${WRITES_FIELD}') end
`;

/**
 * For scripts: the memo of the batch, so that its repeat is answered the same: what was found, and when the batch asked first,
 * since what was written later is none of its business. KEYS[1] the memo; KEYS[2] the batches that are stored.
 */
const READ_MEMO = `${IS_CLOSED}${READ_WRITES}
local call = redis.call
local batch, keepMemo = unpack(ARGV, 1, 2)
if isClosed(KEYS[2], batch) then return false end
local memo = call('HGET', KEYS[1], 'ours')
local told = memo and cmsgpack.unpack(memo) or {asked = clock(), found = {}}

local function keepTold()
  call('HSET', KEYS[1], 'ours', cmsgpack.pack(told))
  call('PEXPIRE', KEYS[1], keepMemo)
end
`;

/**
 * Says to which owners something was written at all, so that nobody has to work out what else there is to ask about the
 * others. ARGV: the batch, milliseconds to keep the memo, owners. Answers their places, from 1; all
 * where something was found before; nil for a batch that is not stored.
 */
export const SCREEN = `${READ_MEMO}
local places, isRepeat = {}, next(told.found)
for i = 3, #ARGV do
  if isRepeat or call('HEXISTS', '${OWNER_PREFIX}' .. ARGV[i], '${WRITES_FIELD}') == 1 then places[#places + 1] = i - 2 end
end
if not memo then keepTold() end
return places
`;

/**
 * Says of events whether a write of ours made them, or may have led to them. What a write makes comes back once, so a
 * token is crossed out when its event has come.
 *
 * ARGV: the batch; milliseconds to keep the memo; then of each event
 * its id, its owner, its time in epoch milliseconds, its token or an empty text, how much of the token may be missing
 * (0 nothing; 1 the value; 2 that or what it is about), and 1 where a smart campaign did it. Answers for each an empty list, or
 * whether the write made it (1) or only went before (0), and the write's effect, rule, event and depth.
 */
export const RECOGNISE = `${READ_MEMO}
local sub, MARK, MISSING = string.sub, ${MARK_LENGTH}, '-'

local owners, changed = {}, {}
local function writesTo(owner)
  if owners[owner] == nil then
    local held = call('HGET', '${OWNER_PREFIX}' .. owner, '${WRITES_FIELD}')
    owners[owner] = held and cmsgpack.unpack(held) or false
  end
  return owners[owner]
end

local function isEarly(write) return write[TOLD] <= told.asked end

local function crossOut(write, at)
  local tokens = write[TOKENS]
  write[TOKENS] = sub(tokens, 1, at - 1) .. string.rep(MISSING, 3 * MARK) .. sub(tokens, at + 3 * MARK)
end

-- Whole tokens first: a write that says all of an event goes before one that says half.
local function maker(writes, time, token, part, within)
  local from = part * MARK + 1
  local wanted = sub(token, from, from + MARK - 1)
  for i = #writes, 1, -1 do
    local write = writes[i]
    if isEarly(write) and write[SINCE] - ${SKEW_MS} <= time and time <= write[LAST] + within then
      for at = 1, #write[TOKENS], 3 * MARK do
        if sub(write[TOKENS], at + from - 1, at + from + MARK - 2) == wanted then return write, at end
      end
    end
  end
end

local function answer(owner, time, token, missing, isByCampaign)
  local writes = writesTo(owner)
  if not writes then return {} end
  for part = 0, token == '' and -1 or missing do
    local write, at = maker(writes, time, token, part, part == 0 and ${COMES_BACK_MS} or SOON)
    if write then
      crossOut(write, at)
      changed[owner] = writes
      return {'1', write[EFFECT], write[RULE], write[EVENT], tostring(write[DEPTH])}
    end
  end
  local write = isByCampaign and answered(writes, time, isEarly)
  if not write then return {} end
  return {'0', write[EFFECT], write[RULE], write[EVENT], tostring(write[DEPTH])}
end

local answers, news = {}, false
for i = 3, #ARGV, 6 do
  local event, owner, time, token, missing, campaign = unpack(ARGV, i, i + 5)
  local found = told.found[event]
  if not found then
    found = answer(owner, tonumber(time), token, tonumber(missing), campaign == '1')
    if #found > 0 then told.found[event], news = found, true end
  end
  answers[#answers + 1] = found
end
for owner, writes in pairs(changed) do
  call('HSET', '${OWNER_PREFIX}' .. owner, '${WRITES_FIELD}', cmsgpack.pack(writes))
end
if news then keepTold() end
return answers
`;
