import { ANNOUNCEMENTS, LISTED, REDELIVERY_HORIZON_MS, TURNS } from './flow-limits.js';

/**
 * For the script of passages, behind `FLOW_STATES`: inhibitors and throttles. Both go by event time, so that a late
 * event finds the answers that it would have found in time.
 *
 * Where a rule announces itself are the last times at which it did. A throttle has `[turns, held]`: the last turns that
 * were granted, newest last, each `[event time, event id, count held back before it, ids of those…]`, and what is held
 * back since, `[count, ids…]`.
 *
 *   the event has a turn             → granted again, with the same list
 *   a turn lies within `every` of it → held back, noted once, until the end of that turn
 *   older than every turn on record  → held back once the record is full: its own turn may be forgotten
 *   otherwise                        → granted
 */
export const FLOW_GATES = `
-- Who inhibits the passage, and until when.
local function inhibitorOf(passage)
  for _, inhibitor in ipairs(passage.inhibitors) do
    local last
    for _, time in ipairs(stateAt(inhibitor.place.owner, inhibitor.place.field).value or {}) do
      local age = passage.time - time
      if age >= 0 and age < inhibitor.withinMs then last = math.max(last or time, time) end
    end
    if last then return inhibitor.by, last + inhibitor.withinMs end
  end
end

local function announce(place, time, keepMs)
  local state = stateAt(place.owner, place.field)
  if successorOf(place.owner) then return end
  local times = state.value or {}
  for _, known in ipairs(times) do
    if known == time then return end
  end
  times[#times + 1] = time
  table.sort(times)
  if #times > ${ANNOUNCEMENTS} then table.remove(times, 1) end
  put(state, times)
  keepFor(place.owner, keepMs + ${REDELIVERY_HORIZON_MS})
end

local function blockingTurn(turns, time, every)
  local oldest
  for _, turn in ipairs(turns) do
    if math.abs(turn[1] - time) < every then return turn[1] end
    if not oldest or turn[1] < oldest then oldest = turn[1] end
  end
  if #turns >= ${TURNS} and time < oldest then return oldest - every end
end

local function holdBack(held, event)
  for i = 2, #held do
    if held[i] == event then return end
  end
  held[1] = held[1] + 1
  if #held <= ${LISTED} then held[#held + 1] = event end
end

-- What was held back before the turn of the event; or nothing, and until when it is held back itself.
local function takeTurn(throttle, event, time)
  local place, every = throttle.place, throttle.everyMs
  local state = stateAt(place.owner, place.field)
  if successorOf(place.owner) then return {0} end
  local turns, held = unpack(state.value or {{}, {0}})
  for _, turn in ipairs(turns) do
    if turn[2] == event then return {unpack(turn, 3)} end
  end
  local blocking = blockingTurn(turns, time, every)
  if blocking then
    holdBack(held, event)
    put(state, {turns, held})
    return nil, blocking + every
  end
  turns[#turns + 1] = {time, event, unpack(held)}
  if #turns > ${TURNS} then table.remove(turns, 1) end
  put(state, {turns, {0}})
  keepFor(place.owner, every + ${REDELIVERY_HORIZON_MS})
  return held
end
`;
