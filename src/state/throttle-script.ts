/**
 * One throttle key in Redis: a hash of `turns` and `held`, both JSON. `turns` lists the last turns that were granted,
 * newest last, each `[event time, event id, count held back before it, ids of those]`; `held` is `[count, ids…]` of
 * what is held back since. Everything is by event time, so that a redelivered batch finds the same answers:
 *
 *   the event has a turn             → granted again, with the same list
 *   a turn lies within `every` of it → held back, noted once, until the end of that turn
 *   older than every turn on record  → held back once the record is full: its own turn may be forgotten
 *   otherwise                        → granted
 *
 * KEYS[1] the key. ARGV: event id, event time, every, time to live (all milliseconds).
 */
export const CLAIM_TURN = `
local event, time, every = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local RECORD, LIST = 16, 50
local found = redis.call('HMGET', KEYS[1], 'turns', 'held')
local turns = found[1] and cjson.decode(found[1]) or {}
local held = found[2] and cjson.decode(found[2]) or {0}

local blocking, oldest
for _, turn in ipairs(turns) do
  if turn[2] == event then
    local answer = {1, '0'}
    for i = 3, #turn do answer[#answer + 1] = turn[i] end
    return answer
  end
  if not blocking and math.abs(turn[1] - time) < every then blocking = turn[1] end
  if not oldest or turn[1] < oldest then oldest = turn[1] end
end
if not blocking and #turns >= RECORD and time < oldest then blocking = oldest - every end

if blocking then
  local known = false
  for i = 2, #held do known = known or held[i] == event end
  if not known then
    held[1] = held[1] + 1
    if #held <= LIST then held[#held + 1] = event end
    redis.call('HSET', KEYS[1], 'held', cjson.encode(held))
  end
  return {0, string.format('%.0f', blocking + every)}
end

local turn = {time, event}
for _, item in ipairs(held) do turn[#turn + 1] = item end
turns[#turns + 1] = turn
if #turns > RECORD then table.remove(turns, 1) end
redis.call('HSET', KEYS[1], 'turns', cjson.encode(turns), 'held', '[0]')
redis.call('PEXPIRE', KEYS[1], ARGV[4])
local answer = {1, '0'}
for _, item in ipairs(held) do answer[#answer + 1] = item end
return answer
`;
