import { memoKey } from '../redis/keys.js';
import { LEND_MS, LENT_LENGTH } from './flow-limits.js';
import { FLOW_STATES } from './flow-state-script.js';
import { FLOW_WAITS } from './flow-wait-script.js';

const DROP_WAIT = `
local function dropName(name)
  call('ZREM', DUE, name)
  call('UNLINK', '${memoKey('')}' .. name)
end

local function drop(state)
  local wait = state.value
  forgetAll(wait.members)
  if wait.follow then forget(wait.follow) end
  dropName(wait.owner .. '|' .. state.field)
  endWait(state)
end
`;

/**
 * Lends what is due. Whoever was lent is no longer met in its place: a group is closed, an absence is a fact.
 *
 * KEYS[1] what is due. ARGV: epoch milliseconds, how many at most; fewer are lent when much is kept of them. Answers for
 * each JSON of `{id, rule, step, due, members, held, follow}`, where members and follow are what was kept, as text.
 */
export const LEND_RIPE = `
local DUE, now = KEYS[1], tonumber(ARGV[1])
${FLOW_STATES}${FLOW_WAITS}${DROP_WAIT}
-- False when the place knows nothing of an absence: it was lost when two people became one.
local function leavePlace(home, field, id, wait)
  local place = stateAt(home, field)
  if wait.lent or not place.value then return wait.lent or wait.step ~= 'absent' end
  if wait.step == 'gathered' and place.value[1] == id then put(place, nil) end
  if wait.step ~= 'absent' then return true end
  for i, part in ipairs(place.value) do
    if part.id == id then
      table.remove(place.value, i)
      put(place, #place.value > 0 and place.value or nil)
      return true
    end
  end
  return false
end

local function lend(member)
  local owner, field, id = string.match(member, '^([^|]*)|(.*)|([^|]*)$')
  local home = living(owner)
  local state = home and stateAt(home, field .. '|' .. id)
  local wait = state and state.value
  if not wait then return dropName(member) end
  local texts = leavePlace(home, field, id, wait) and recallAll(wait.members) or {}
  if #texts == 0 then return drop(state) end
  call('ZADD', DUE, now + ${LEND_MS}, member)
  if not wait.lent then
    wait.lent = true
    put(state, wait)
  end
  local ripe = {id = wait.owner .. '|' .. state.field, rule = wait.rule, step = wait.step, due = wait.due}
  ripe.members, ripe.held, ripe.follow = texts, wait.held, wait.follow and recall(wait.follow) or nil
  return encode(ripe)
end

local ripe, length = {}, 0
for _, member in ipairs(call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, ARGV[2])) do
  if length >= ${LENT_LENGTH} then break end
  local text = lend(member)
  if text then ripe[#ripe + 1], length = text, length + #text end
end
writeDown()
return ripe
`;

/** Forgets waits that were seen through. KEYS[1] what is due. ARGV: their ids. */
export const SETTLE_RIPE = `
local DUE = KEYS[1]
${FLOW_STATES}${FLOW_WAITS}${DROP_WAIT}
for _, id in ipairs(ARGV) do
  local owner, field = string.match(id, '^([^|]*)|(.*)$')
  local home = living(owner)
  local state = home and stateAt(home, field)
  if state and state.value then drop(state) end
  dropName(id)
end
writeDown()
`;
