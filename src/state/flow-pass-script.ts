import { KEEP_MEMO_MS, LENT_LENGTH } from './flow-limits.js';
import { FLOW_GATES } from './flow-gate-script.js';
import { FLOW_LIMIT } from './flow-limit-script.js';
import { FLOW_SEQUENCES } from './flow-sequence-script.js';
import { FLOW_STATES } from './flow-state-script.js';
import { FLOW_WAITS } from './flow-wait-script.js';
import { IS_CLOSED } from './owner-script.js';

/**
 * Answers passages, in order.
 *
 * KEYS[1] the memo of the batch, so that one who asks again is answered the same: of the flow it has a field a passage.
 * KEYS[2] what is due. KEYS[3] the batches that are stored. ARGV: name of the batch, epoch milliseconds, then of each
 * passage: the passage as JSON with its `id` and with `held` (what was held back before it waited), the id of its event,
 * and what is to be kept of the event should it wait. No passage may be in a call twice.
 *
 * Answers JSON for each. For `acts`, `held` is what was held back, and `members` lists what was kept of the members,
 * with a 0 for the event of the passage itself; `joint` says that others act with it, `holding` that it is held.
 */
export const PASS_FLOW = `
local DUE, batch, now = KEYS[2], ARGV[1], tonumber(ARGV[2])
${IS_CLOSED}${FLOW_STATES}${FLOW_WAITS}${FLOW_GATES}${FLOW_SEQUENCES}${FLOW_LIMIT}
local SELF, LENT_LENGTH = 0, ${LENT_LENGTH}

-- The references: with whom it acts.
local function act(passage, members, held, joint, references)
  local holding = passage.limit and holdingOf(passage, references) or nil
  if holding and isFull(holding) then return {kind = 'crowded'} end
  if not holding then
    for _, announced in ipairs(passage.announces) do announce(announced.place, passage.time, announced.keepMs) end
  end
  return {kind = 'acts', members = members, held = held, joint = joint, holding = holding}
end

-- The member is the first part that was taken or else the event itself.
local function memberOf(passage, taken)
  if not taken then return SELF end
  local text = recall(referenceTo(taken))
  forget(referenceTo(taken))
  return text
end

local function gather(passage, taken, held)
  local place = passage.group.place
  local open = stateAt(place.owner, place.field)
  local state = open.value and stateAt(place.owner, place.field .. '|' .. open.value[1])
  local members = state and state.value.members or {}
  local size = (state and state.value.size or 0) + #passage.kept
  if state then held = together(state.value.held, held) end
  if #members + 1 >= passage.group.max or size > LENT_LENGTH then
    local texts = recallAll(members)
    texts[#texts + 1] = memberOf(passage, taken)
    if state then
      forgetAll(members)
      endWait(state)
      put(open, nil)
    end
    members[#members + 1] = taken and referenceTo(taken)
    return act(passage, texts, held, true, members)
  end
  local reference = taken and referenceTo(taken) or keep(passage, place)
  if state then
    members[#members + 1], state.value.held, state.value.size = reference, held, size
    put(state, state.value)
    keepWaiting(place, {reference}, math.max(state.value.due - now, 0))
    return {kind = 'grouped', ['until'] = state.value.due}
  end
  local due = math.max(passage.receivedAt, now) + passage.group.waitMs
  startWait(passage, place, {step = 'gathered', due = due, members = {reference}, held = held, size = size})
  put(open, {passage.id})
  return {kind = 'grouped', ['until'] = due}
end

local function behindHours(passage, taken, held)
  if passage.group and mayWait(passage, passage.group.place) then return gather(passage, taken, held) end
  return act(passage, {memberOf(passage, taken)}, held, false, {taken and referenceTo(taken)})
end

local function defer(passage, taken, held)
  local place, due = passage.notBefore.place, passage.notBefore.at
  local own = keep(passage, place)
  local wait = {step = 'opened', due = due, members = {taken and referenceTo(taken) or own}, held = held}
  wait.follow = taken and own or nil
  startWait(passage, place, wait)
  return {kind = 'deferred', ['until'] = due}
end

local function behindSequence(passage, taken)
  local by, inhibitedUntil = inhibitorOf(passage)
  if by then return {kind = 'inhibited', by = by, ['until'] = inhibitedUntil} end
  local held = passage.held
  if passage.throttle then
    local turn, throttledUntil = takeTurn(passage.throttle, taken and taken.event or passage.event, passage.time)
    if not turn then return {kind = 'throttled', ['until'] = throttledUntil} end
    held = together(held, turn)
  end
  if passage.notBefore and mayWait(passage, passage.notBefore.place) then return defer(passage, taken, held) end
  return behindHours(passage, taken, held)
end

local function waitForJudgement(passage)
  local place, due = passage.again.place, passage.again.at
  if not mayWait(passage, place) then return {kind = 'nothing'} end
  startWait(passage, place, {step = 'undecided', due = due, members = {keep(passage, place)}, held = {0}})
  return {kind = 'waiting', ['until'] = due}
end

local function secondPart(passage)
  local taken = takeFirstPart(passage)
  if not taken then return {kind = 'nothing'} end
  local answer = passage.suppressed and {kind = 'suppressed'} or behindSequence(passage, taken)
  local lives = {acts = true, grouped = true, deferred = true}
  if not lives[answer.kind] then forget(referenceTo(taken)) end
  return answer
end

local function answerTo(passage)
  local step = passage.step
  if step == 'unless' then return endAbsences(passage) end
  if step == 'then' then return secondPart(passage) end
  if passage.suppressed then return {kind = 'suppressed'} end
  if step == 'undecided' then return waitForJudgement(passage) end
  if step == 'match' and passage.sequence then return firstPart(passage) end
  if step == 'opened' then return behindHours(passage, nil, passage.held) end
  if step == 'gathered' then return act(passage, {SELF}, passage.held, false, {}) end
  return behindSequence(passage, nil)
end

-- The batch, or the wait that goes on, was seen through by another run: its memo is gone, nothing is left to do.
local function isSettled()
  if isClosed(KEYS[3], batch) then return true end
  local owner, field = string.match(batch, '^([^|]*)|(.*)$')
  if not owner then return false end
  local home = living(owner)
  return not home or call('HEXISTS', OWNERS .. home, field) == 0
end

local passages, names = {}, {}
for at = 3, #ARGV, 3 do
  local passage = decode(ARGV[at])
  passage.event, passage.kept = ARGV[at + 1], ARGV[at + 2]
  passages[#passages + 1], names[#names + 1] = passage, 'flow:' .. passage.id
end
local answers, news = call('HMGET', KEYS[1], unpack(names)), {}
local settled = isSettled()
for i, passage in ipairs(passages) do
  if not answers[i] then
    answers[i] = encode(settled and {kind = 'nothing'} or answerTo(passage))
    news[#news + 1], news[#news + 2] = names[i], answers[i]
  end
end
if #news > 0 and not settled then
  call('HSET', KEYS[1], unpack(news))
  call('PEXPIRE', KEYS[1], ${KEEP_MEMO_MS})
end
writeDown()
return answers
`;
