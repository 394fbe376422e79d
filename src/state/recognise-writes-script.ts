import { OWNER_PREFIX } from '../redis/keys.js';
import { IS_CLOSED } from './owner-script.js';
import { COMES_BACK_MS, READ_WRITES, WRITES_FIELD } from './own-writes-script.js';

/** Marketo's clock may be so far behind ours. */
const SKEW_MS = 60_000;

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
 * token is crossed out when its event has come. A value that was so already makes no event; its token ceases to hold when
 * an event tells that there is another value since.
 *
 * ARGV: the batch; milliseconds to keep the memo; then of each event
 * its id, its owner, its time in epoch milliseconds, its token or an empty text, how much of the token may be missing
 * (0 nothing; 1 the value; 2 that or what it is about), and 1 where a smart campaign did it, and so no write of ours. Answers for each an empty list, or
 * whether the write made it (1) or only went before (0), and the write's effect, rule, event and depth.
 */
export const RECOGNISE = `${READ_MEMO}
local sub = string.sub

local owners, changed = {}, {}
local function writesTo(owner)
  if owners[owner] == nil then
    local held = call('HGET', '${OWNER_PREFIX}' .. owner, '${WRITES_FIELD}')
    owners[owner] = held and cmsgpack.unpack(held) or false
  end
  return owners[owner]
end

local function isEarly(write) return write[TOLD] <= told.asked end

local function mayMake(write, time, within)
  return isEarly(write) and write[SINCE] - ${SKEW_MS} <= time and time <= write[LAST] + within
end

local function crossOut(write, at)
  local tokens = write[TOKENS]
  write[TOKENS] = sub(tokens, 1, at - 1) .. string.rep('-', TOKEN) .. sub(tokens, at + TOKEN)
end

-- Whole tokens first: a write that says all of an event goes before one that says half.
local function maker(writes, time, token, part, within)
  local from = part * MARK + 1
  local wanted = sub(token, from, from + MARK - 1)
  for i = #writes, 1, -1 do
    local write = writes[i]
    if mayMake(write, time, within) then
      for at = 1, #write[TOKENS], TOKEN do
        local holds = time < (write[ENDS][at] or math.huge)
        if holds and sub(write[TOKENS], at + from - 1, at + from + MARK - 2) == wanted then
          crossOut(write, at)
          return write
        end
      end
    end
  end
end

-- The sum of a rule's writes, by the kind alone.
local function sumBehind(writes, time, token)
  local kind = sub(token, 3 * MARK + 1)
  for _, write in ipairs(writes) do
    local rest = write[REST]
    if not rest then return end
    if (rest[kind] or 0) > 0 and mayMake(write, time, ${COMES_BACK_MS}) then
      rest[kind] = rest[kind] - 1
      return write
    end
  end
end

local function made(writes, time, token, missing)
  for part = 0, missing do
    local write = maker(writes, time, token, part, part == 0 and ${COMES_BACK_MS} or SOON)
    if write then return write end
  end
  return sumBehind(writes, time, token)
end

-- Another value, told of when what a write makes has surely happened, is of somebody else, and so is whatever tells of ours
-- after that.
local function endOthers(writes, time, token)
  local whole, what, ended = sub(token, 1, MARK), sub(token, MARK + 1, 2 * MARK), false
  for _, write in ipairs(writes) do
    if time > write[LAST] + SOON then
      for at = 1, #write[TOKENS], TOKEN do
        local isOther = sub(write[TOKENS], at, at + MARK - 1) ~= whole
        local isOfSame = sub(write[TOKENS], at + MARK, at + 2 * MARK - 1) == what
        if isOther and isOfSame and time < (write[ENDS][at] or math.huge) then
          write[ENDS][at], ended = time, true
        end
      end
    end
  end
  return ended
end

local function answer(owner, time, token, missing, isByCampaign)
  local writes = writesTo(owner)
  if not writes then return {} end
  local isMade, write = '1', token ~= '' and not isByCampaign and made(writes, time, token, missing)
  if (token ~= '' and endOthers(writes, time, token)) or write then changed[owner] = writes end
  if not write and isByCampaign then
    isMade, write = '0', answered(writes, time, isEarly)
  end
  if not write then return {} end
  return {isMade, write[EFFECT], write[RULE], write[EVENT], tostring(write[DEPTH])}
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
