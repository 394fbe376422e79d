import { FLOW_MARK } from '../contracts/memory.js';
import { LISTED, REDELIVERY_HORIZON_MS } from './flow-limits.js';

/**
 * For the scripts of the flow, behind `FLOW_STATES`; they have `DUE`, and those that start waits `now`.
 *
 * What is kept of an event is a field of the person whom it is about, and is referred to by that owner and the id of
 * its passage; where it is about a person, by that one too, so that people can be counted. A wait is a field of its own beside its place, and has a due member of the same name:
 *
 *   <field of the place>|<id>  {owner, rule, step, due, members, held, follow}
 *
 * `owner` is whose it was when it began; `held` is what a throttle held back, how many and the ids of the first.
 */
export const FLOW_WAITS = `
local HORIZON, LISTED, KEPT = ${REDELIVERY_HORIZON_MS}, ${LISTED}, '${FLOW_MARK}k'

local function recall(reference)
  local home = living(reference[1])
  return home and call('HGET', OWNERS .. home, KEPT .. reference[2])
end

local function forget(reference)
  local home = living(reference[1])
  if home then call('HDEL', OWNERS .. home, KEPT .. reference[2]) end
end

-- The texts of those that are still there.
local function recallAll(references)
  local texts = {}
  for _, reference in ipairs(references) do texts[#texts + 1] = recall(reference) or nil end
  return texts
end

local function forgetAll(references)
  for _, reference in ipairs(references) do forget(reference) end
end

local function together(held, more)
  local sum = {held[1] + more[1]}
  for _, list in ipairs({held, more}) do
    for i = 2, #list do
      if #sum <= LISTED then sum[#sum + 1] = list[i] end
    end
  end
  return sum
end

local function homeOf(passage, place) return living(passage.lead or place.owner) end

-- Nothing is kept with who was erased or merged, nor of a person who was erased.
local function mayWait(passage, place) return not successorOf(place.owner) and homeOf(passage, place) end

local function keep(passage, place)
  local home = homeOf(passage, place)
  call('HSET', OWNERS .. home, KEPT .. passage.id, passage.kept)
  return {home, passage.id, passage.lead}
end

local function keepWaiting(place, references, ms)
  keepFor(place.owner, ms + HORIZON)
  for _, reference in ipairs(references) do keepFor(living(reference[1]), ms + HORIZON) end
end

local function startWait(passage, place, wait)
  local field = place.field .. '|' .. passage.id
  wait.owner, wait.rule = place.owner, passage.ruleId
  put(stateAt(place.owner, field), wait)
  call('ZADD', DUE, wait.due, place.owner .. '|' .. field)
  local references = {unpack(wait.members)}
  references[#references + 1] = wait.follow
  keepWaiting(place, references, math.max(wait.due - now, 0))
end

local function endWait(state)
  call('ZREM', DUE, state.value.owner .. '|' .. state.field, state.owner .. '|' .. state.field)
  put(state, nil)
end
`;
