import { ERASED_FIELD } from '../contracts/memory.js';
import { OWNER_PREFIX } from '../redis/keys.js';
import { KEEP_OWNER } from './owner-script.js';

/**
 * For the scripts of the flow: the states in the hashes of owners. Each is decoded once a script and written once, when
 * everything is answered, however many passages meet in it.
 */
export const FLOW_STATES = `${KEEP_OWNER}
local OWNERS, ERASED = '${OWNER_PREFIX}', '${ERASED_FIELD}'
local call, encode, decode = redis.call, cjson.encode, cjson.decode

-- Into whom an owner was merged, an empty text when it was erased, false when it lives.
local successors = {}
local function successorOf(owner)
  if successors[owner] == nil then successors[owner] = call('HGET', OWNERS .. owner, ERASED) end
  return successors[owner]
end

-- Who has now what an owner had, since people are merged; false when it was erased.
local function living(owner)
  local into = successorOf(owner)
  while into and into ~= '' do owner, into = into, successorOf(into) end
  return not into and owner
end

local states, lifetimes = {}, {}

local function stateAt(owner, field)
  local name = owner .. '|' .. field
  if not states[name] then
    local text, into = unpack(call('HMGET', OWNERS .. owner, field, ERASED))
    successors[owner] = into
    states[name] = {owner = owner, field = field, value = text and decode(text) or nil}
  end
  return states[name]
end

-- Nothing as the value: the state goes.
local function put(state, value) state.value, state.changed = value, true end

local function keepFor(owner, ms) lifetimes[owner] = math.max(lifetimes[owner] or 0, ms) end

local function writeDown()
  for _, state in pairs(states) do
    if state.changed and state.value then call('HSET', OWNERS .. state.owner, state.field, encode(state.value)) end
    if state.changed and not state.value then call('HDEL', OWNERS .. state.owner, state.field) end
  end
  for owner, ms in pairs(lifetimes) do keepOwner(OWNERS .. owner, ms) end
end
`;
