/**
 * What was seen in a period: a counter, and tables of integer sets. A set of at most 512 integers is one sorted array in
 * Redis, eight bytes an integer, and found by name without reading anything else. Tables of 1, 16, 256 … sets are
 * filled one after the other, each until its sets hold 384 on average, so that none comes near 512; an event lies in
 * the table that was being filled when it came. The counter tells which tables there are.
 *
 * An event is an integer of 64 bits and, for the name of its set, as many hexadecimal digits of `path` as the table has.
 *
 * KEYS[1] the claims of the owner: a hash of integer → 1 (new) or 0, so that an owner who asks again is answered the same.
 * ARGV: prefix of the periods, period to note in, milliseconds to keep it, milliseconds to keep the claims, number of
 * other periods, those; then of each event its integer and its path. No event may be there twice.
 */
export const CLAIM_EVENTS = `
local FILL, FANOUT = 384, 16
local call, sub = redis.call, string.sub
local prefix, into, keep, keepClaims, others = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local first = 6 + others

local function countOf(period) return tonumber(call('GET', prefix .. period) or '0') end

-- The digits in the names of the table that is being filled, and how many events still fit into it.
local function fillingAt(count)
  local digits, room = 0, FILL
  while count >= room do digits, count, room = digits + 1, count - room, room * FANOUT end
  return digits, room - count
end

local function holds(tables, digits, member, path)
  for some = digits, 0, -1 do
    if call('SISMEMBER', tables .. sub(path, 1, some), member) == 1 then return true end
  end
  return false
end

local older = {}
for i = 6, first - 1 do
  local count = countOf(ARGV[i])
  if count > 0 then older[#older + 1] = {prefix .. ARGV[i] .. ':', (fillingAt(count))} end
end

local tables, before = prefix .. into .. ':', countOf(into)
local count, digits, room = before, fillingAt(before)

local function note(member, path)
  if holds(tables, digits - 1, member, path) then return false end
  local set = tables .. sub(path, 1, digits)
  if call('SADD', set, member) == 0 then return false end
  if call('SCARD', set) == 1 then call('PEXPIRE', set, keep) end
  count, room = count + 1, room - 1
  if room == 0 then digits, room = fillingAt(count) end
  return true
end

local function claim(member, path)
  -- Noted in this period even if an older one has it: it is remembered from its last arrival.
  if not note(member, path) then return 0 end
  for _, period in ipairs(older) do
    if holds(period[1], period[2], member, path) then return 0 end
  end
  return 1
end

local asked = call('EXISTS', KEYS[1]) == 1
local answers, claims = {}, {}
for i = first, #ARGV, 2 do
  local member = ARGV[i]
  local answer = asked and call('HGET', KEYS[1], member)
  if not answer then
    answer = claim(member, ARGV[i + 1])
    claims[#claims + 1] = member
    claims[#claims + 1] = answer
  end
  answers[#answers + 1] = tonumber(answer)
end
if #claims > 0 then
  call('HSET', KEYS[1], unpack(claims))
  call('PEXPIRE', KEYS[1], keepClaims)
end
if count > before then call('SET', prefix .. into, count, 'PX', keep) end
return answers
`;
