/**
 * What was seen in a period: a counter, and sets of integers. A set of at most 512 integers is one sorted array in Redis,
 * eight bytes an integer, and adding to it tells whether the integer was there: one step an event, however many are
 * remembered. So that no set comes near 512, one of them is split into ten whenever as many events have come as nine
 * new sets should hold (linear hashing): by their last digit, then each of those by the last but one, and so on. Some 38
 * integers are in a set on average, and 384 in one that is about to be split. The counter tells how far that is.
 *
 * An event is an integer of 19 digits. In every set is a 0 as well: a set without it would be gone when it is empty, and
 * come back without an end to its time.
 *
 * KEYS[1] the claims of the owner, so that one who asks again is answered the same: a hash of which each field is what
 * one script claimed, the digits of each event and 1 (new) or 0. ARGV: prefix of the periods, period to note in,
 * milliseconds to keep it, milliseconds to keep the claims, name of this call, number of this script in it, the digits
 * of its events, the other periods. No event may be in a call twice. Answers a 1 or 0 for each.
 */
export const CLAIM_EVENTS = `
local DIGITS, EVENTS_A_SPLIT = 19, 345
local call, sub, concat = redis.call, string.sub, table.concat
local prefix, into, keep, keepClaims, asking, part, events = unpack(ARGV, 1, 7)

-- By how many digits sets are told apart after so many events, and how many of them were split by one more.
local function shapeAt(count)
  local sets, before, digits = 1 + 9 * math.floor(count / EVENTS_A_SPLIT), 1, 0
  while before * 10 <= sets do before, digits = before * 10, digits + 1 end
  return digits, (sets - before) / 9
end

local function readPeriod(name)
  local period = {sets = prefix .. name .. ':', count = tonumber(call('GET', prefix .. name) or '0')}
  period.digits, period.split = shapeAt(period.count)
  return period
end

local function setOf(period, event)
  local name = sub(event, DIGITS + 1 - period.digits)
  if period.split > 0 and tonumber(name) < period.split then name = sub(event, DIGITS - period.digits) end
  return period.sets .. name
end

local older = {}
for i = 8, #ARGV do
  local period = readPeriod(ARGV[i])
  if period.count > 0 then older[#older + 1] = period end
end
local current = readPeriod(into)
local before = current.count

local function make(set, members)
  call('SADD', set, '0', unpack(members))
  call('PEXPIRE', set, keep)
end

local function split(period)
  local name = period.digits == 0 and '' or string.format('%0' .. period.digits .. 'd', period.split)
  local parts = {}
  for digit = 0, 9 do parts[tostring(digit)] = {} end
  for _, member in ipairs(call('SMEMBERS', period.sets .. name)) do
    if member ~= '0' then
      local part = parts[sub(member, DIGITS - period.digits, DIGITS - period.digits)]
      part[#part + 1] = member
    end
  end
  for digit, members in pairs(parts) do make(period.sets .. digit .. name, members) end
  call('UNLINK', period.sets .. name)
end

local function note(event)
  if call('SADD', setOf(current, event), event) == 0 then return false end
  current.count = current.count + 1
  if current.count % EVENTS_A_SPLIT == 0 then
    split(current)
    current.digits, current.split = shapeAt(current.count)
  end
  return true
end

local function claim(event)
  -- Noted in this period even if an older one has it: it is remembered from its last arrival.
  if not note(event) then return '0' end
  for _, period in ipairs(older) do
    if call('SISMEMBER', setOf(period, event), event) == 1 then return '0' end
  end
  return '1'
end

-- No event of this call is in another script of it, so those need not be read; this script itself may be sent twice.
local told = {}
for _, field in ipairs(call('HKEYS', KEYS[1])) do
  if field == asking .. part or sub(field, 1, #asking) ~= asking then
    local earlier = call('HGET', KEYS[1], field)
    for at = 1, #earlier, DIGITS + 1 do
      told[sub(earlier, at, at + DIGITS - 1)] = sub(earlier, at + DIGITS, at + DIGITS)
    end
  end
end

if before == 0 then make(current.sets, {}) end
local answers, claims = {}, {}
for at = 1, #events, DIGITS do
  local event = sub(events, at, at + DIGITS - 1)
  local answer = told[event]
  if not answer then
    answer = claim(event)
    claims[#claims + 1] = event .. answer
  end
  answers[#answers + 1] = answer
end
if #claims > 0 then
  call('HSET', KEYS[1], asking .. part, concat(claims))
  call('PEXPIRE', KEYS[1], keepClaims)
end
if current.count > before then call('SET', prefix .. into, current.count, 'PX', keep) end
return concat(answers)
`;
