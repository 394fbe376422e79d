import { ABSENCES, FIRST_PARTS, LATENESS_MS } from './flow-limits.js';

/**
 * For the script of passages, behind `FLOW_WAITS`: the two parts of a sequence. Its place lists the first parts that
 * wait, in the order in which they came, each `{event, time, ends, id, home, lead}`: `ends` is until when, `id`, `home`
 * and `lead` are the reference to what is kept of the event. One that waits for an absence has a wait of the same id beside it.
 */
export const FLOW_SEQUENCES = `
local FIRST_PARTS, ABSENCES, LATENESS = ${FIRST_PARTS}, ${ABSENCES}, ${LATENESS_MS}

local function referenceTo(part) return {part.home, part.id, part.lead} end

-- Those parts of a place for which the test is true, and the others.
local function divide(parts, test)
  local those, others = {}, {}
  for _, part in ipairs(parts) do
    local list = test(part) and those or others
    list[#list + 1] = part
  end
  return those, others
end

local function putParts(state, parts) put(state, #parts > 0 and parts or nil) end

-- A second part for these could be so late that nobody waits for it.
local function withoutStale(passage, parts)
  local sequence = passage.sequence
  local stale, fresh = divide(parts, function(part)
    return part.time < passage.time - sequence.withinMs - LATENESS
  end)
  if #fresh >= FIRST_PARTS then stale[#stale + 1] = table.remove(fresh, 1) end
  for _, part in ipairs(stale) do forget(referenceTo(part)) end
  return fresh
end

local function firstPart(passage)
  local sequence, place = passage.sequence, passage.sequence.place
  if not mayWait(passage, place) then return {kind = 'nothing'} end
  local state = stateAt(place.owner, place.field)
  local parts = state.value or {}
  for _, part in ipairs(parts) do
    if part.event == passage.event then return {kind = 'waiting', ['until'] = part.ends} end
  end
  if sequence.kind == 'unless' and #parts >= ABSENCES then return {kind = 'crowded'} end
  local reference, ends = keep(passage, place), passage.time + sequence.withinMs
  if sequence.kind == 'then' then
    parts = withoutStale(passage, parts)
    keepWaiting(place, {reference}, sequence.withinMs + LATENESS)
  else
    ends = math.max(passage.time, passage.receivedAt) + sequence.withinMs
    startWait(passage, place, {step = 'absent', due = ends, members = {reference}, held = {0}})
  end
  local part = {event = passage.event, time = passage.time, ends = ends}
  part.home, part.id, part.lead = unpack(reference)
  parts[#parts + 1] = part
  put(state, parts)
  return {kind = 'waiting', ['until'] = ends}
end

local function divideByWindow(passage, parts)
  return divide(parts, function(part)
    local age = passage.time - part.time
    return part.event ~= passage.event and age >= 0 and age <= passage.sequence.withinMs
  end)
end

-- The earliest first part that waits for this event, which no longer waits. Those whose person was erased
-- wait for nobody.
local function takeFirstPart(passage)
  local place = passage.sequence.place
  local state = stateAt(place.owner, place.field)
  local earliest
  for _, part in ipairs((divideByWindow(passage, state.value or {}))) do
    if (not earliest or part.time < earliest.time) and recall(referenceTo(part)) then earliest = part end
  end
  if earliest then
    local _, others = divide(state.value, function(part) return part == earliest end)
    putParts(state, others)
  end
  return earliest
end

local function endAbsences(passage)
  local place, events = passage.sequence.place, {}
  local state = stateAt(place.owner, place.field)
  local ended, others = divideByWindow(passage, state.value or {})
  for _, part in ipairs(ended) do
    if recall(referenceTo(part)) then events[#events + 1] = part.event end
    forget(referenceTo(part))
    endWait(stateAt(place.owner, place.field .. '|' .. part.id))
  end
  if #ended > 0 then putParts(state, others) end
  return #events > 0 and {kind = 'ended', eventIds = events} or {kind = 'nothing'}
end
`;
