import {
  HELD_KINDS_PREFIX,
  HELD_LEADS_PREFIX,
  HELD_ORDER_PREFIX,
  HELD_PER_LEAD_PREFIX,
  HELD_PREFIX,
} from '../redis/keys.js';

/** In the id of a holding whose effects were taken out of another one. */
export const PART = '.';

/**
 * Effects that are held since a rule was: a hash of them, as JSON by id, and beside it the order, a sorted set of every id
 * that was ever held since then: by its number, or by 0 when it was decided about. So one that comes again, because its
 * batch is repeated after a crash, is never held a second time. What is counted of an effect, its kind and its leads, stands
 * in a line of its own before it (`heldText`): what an event brought may be nested too deeply to be read here.
 */
const PLACES = `
local call, encode, decode = redis.call, cjson.encode, cjson.decode
local function effectsOf(holding) return '${HELD_PREFIX}' .. holding end
local function orderOf(holding) return '${HELD_ORDER_PREFIX}' .. holding end

local function step(key, field, by)
  local count = call('HINCRBY', key, field, by)
  if count == 0 then call('HDEL', key, field) end
  return count
end

local function count(holding, text, by)
  local about = decode(string.match(text, '^[^\\n]*'))
  step('${HELD_KINDS_PREFIX}' .. holding, about.kind, by)
  local leads = '${HELD_LEADS_PREFIX}' .. holding
  for _, lead in ipairs(about.leads) do
    local left = step('${HELD_PER_LEAD_PREFIX}' .. holding, lead, by)
    if left == 0 then call('ZREM', leads, lead) end
    if left == 1 and by == 1 then
      local last = call('ZREVRANGE', leads, 0, 0, 'WITHSCORES')[2] or 0
      call('ZADD', leads, last + 1, lead)
    end
  end
end

local function take(holding, id, text)
  if call('ZADD', orderOf(holding), 'NX', call('ZCARD', orderOf(holding)) + 1, id) == 0 then return false end
  call('HSET', effectsOf(holding), id, text)
  count(holding, text, 1)
  return true
end

local function let(holding, id)
  call('ZADD', orderOf(holding), 'XX', 0, id)
  local text = call('HGET', effectsOf(holding), id)
  if not text then return end
  call('HDEL', effectsOf(holding), id)
  count(holding, text, -1)
end
`;

/**
 * Holds effects, where a person has decided meanwhile as well: then they go the way of the others. A rule that is not held
 * any more, and of whose holding nothing is known, is held again. KEYS: the held rules, what was decided, what the ledger
 * has yet to hear of. ARGV: rule, holding, the same as JSON, then of each effect its id and its text.
 */
export const HOLD_EFFECTS = `${PLACES}
local rule, holding = ARGV[1], ARGV[2]
if call('HEXISTS', KEYS[2], holding) == 0 then
  call('HSETNX', KEYS[1], rule, ARGV[3])
  holding = decode(call('HGET', KEYS[1], rule)).id
end
for i = 4, #ARGV, 2 do
  if take(holding, ARGV[i], ARGV[i + 1]) then call('SADD', KEYS[3], holding .. '|' .. ARGV[i]) end
end
`;

/**
 * Decides about all that is held of a rule, which counts anew from then on. KEYS: the held rules, what was decided, what the
 * limit has counted. ARGV: rule, decision, by whom, epoch milliseconds. Answers the decision as JSON, or nothing when the
 * rule is not held.
 */
export const DECIDE = `${PLACES}
local text = call('HGET', KEYS[1], ARGV[1])
if not text then return end
local decided = decode(text)
decided.ruleId, decided.decision, decided.by, decided.at = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
decided.effects = call('HLEN', effectsOf(decided.id))
call('HSET', KEYS[2], decided.id, encode(decided))
call('HDEL', KEYS[1], ARGV[1])
for i = 3, #KEYS do call('UNLINK', KEYS[i]) end
return encode(decided)
`;

/**
 * Decides about the first few alone: they move into a holding of their own, and the rule stays held. KEYS: the held rules,
 * what was decided. ARGV: as DECIDE, and how many. Answers the decision as JSON, or nothing when there are none.
 */
export const DECIDE_FIRST = `${PLACES}
local text = call('HGET', KEYS[1], ARGV[1])
if not text then return end
local decided = decode(text)
local from = decided.id
local ids = call('ZRANGEBYSCORE', orderOf(from), '(0', '+inf', 'LIMIT', 0, ARGV[5])
if #ids == 0 then return end
decided.id = from .. '${PART}' .. call('ZSCORE', orderOf(from), ids[1])
for _, id in ipairs(ids) do
  take(decided.id, id, call('HGET', effectsOf(from), id))
  let(from, id)
end
decided.effects = #ids
decided.ruleId, decided.decision, decided.by, decided.at = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
call('HSET', KEYS[2], decided.id, encode(decided))
return encode(decided)
`;

/** Lets go of effects that were seen through. ARGV: holding, ids. */
export const LET_GO = `${PLACES}
for i = 2, #ARGV do let(ARGV[1], ARGV[i]) end
`;
