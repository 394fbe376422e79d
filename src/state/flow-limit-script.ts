import { HELD_PREFIX, HOLDINGS_KEY, LIMIT_PREFIX } from '../redis/keys.js';
import { HELD_EFFECTS } from './flow-limits.js';

/**
 * For the script of passages, behind `FLOW_STATES`: the limit of a rule. What it counts lies in sorted sets, by the time
 * of the clock: the events for which the rule acted, and the people.
 */
export const FLOW_LIMIT = `
local HOLDINGS, LIMITS, HELD = '${HOLDINGS_KEY}', '${LIMIT_PREFIX}', '${HELD_PREFIX}'

-- Each once: those of the passage, and those with whom it acts.
local function peopleOf(passage, references)
  local people, known = {}, {}
  local function add(person)
    if person and not known[person] then people[#people + 1], known[person] = person, true end
  end
  for _, person in ipairs(passage.limit.people) do add(person) end
  for _, reference in ipairs(references) do add(reference[3]) end
  return people
end

local function countsBeyond(key, members, bound, since)
  call('ZREMRANGEBYSCORE', key, '-inf', since)
  local sum = call('ZCARD', key)
  for _, member in ipairs(members) do
    if not call('ZSCORE', key, member) then sum = sum + 1 end
  end
  return sum > bound.most
end

-- Nothing when the rule may act; then that is counted.
local function holdingOf(passage, references)
  local known = call('HGET', HOLDINGS, passage.ruleId)
  if known then return decode(known) end
  local limit, counted = passage.limit, {}
  for _, bound in ipairs(limit.bounds) do
    local key = LIMITS .. bound.counts .. ':' .. passage.ruleId
    local members = bound.counts == 'leads' and peopleOf(passage, references) or {passage.event}
    if countsBeyond(key, members, bound, now - limit.withinMs) then
      local holding = {id = passage.id, reason = bound.reason, since = now}
      call('HSET', HOLDINGS, passage.ruleId, encode(holding))
      holding.began = true
      return holding
    end
    counted[key] = members
  end
  for key, members in pairs(counted) do
    for _, member in ipairs(members) do call('ZADD', key, now, member) end
    call('PEXPIRE', key, limit.withinMs)
  end
end

local function isFull(holding) return call('HLEN', HELD .. holding.id) >= ${HELD_EFFECTS} end
`;
