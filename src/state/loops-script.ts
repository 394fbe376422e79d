import { ERASED_FIELD, FLOW_MARK } from '../contracts/memory.js';
import { OWNER_PREFIX } from '../redis/keys.js';
import { IS_CLOSED, KEEP_OWNER } from './owner-script.js';
import { READ_WRITES, WRITES_FIELD } from './own-writes-script.js';

/** Fields of a lead's owner that begin so are the volleys between a rule and a smart campaign over this lead. */
export const VOLLEYS_FIELD = `${FLOW_MARK}v`;

const HOUR_MS = 3_600_000;

/** So often may a rule and a campaign answer each other within an hour; then the rule is stopped for an hour. */
export const MOST_VOLLEYS = 3;

/**
 * Counts how often a rule and a smart campaign answer each other. A volley is a firing whose write the campaign answered
 * soon; it counts once, however many activities the answer is.
 *
 * KEYS[1] the memo of the batch, so that its repeat is answered the same; KEYS[2] the batches that are stored: of another
 * the answer is nil. ARGV: the batch; milliseconds to keep the memo; then of each encounter its id, the owner of the lead or
 * an empty text, the field of the volleys or an empty text where the rule is stopped in any case, the rule, the time of
 * the event in epoch milliseconds, and the key where it stands when the two were told of. Answers for each: stopped (1, 0),
 * volleys, since when, until when, and how many stops are to be told of now. Volleys: {until, {firing, when}…}.
 */
export const MEET = `${KEEP_OWNER}${IS_CLOSED}${READ_WRITES}
local call, HOUR, FREE = redis.call, ${HOUR_MS}, {0, 0, 0, 0, 0}
local batch, keepMemo = unpack(ARGV, 1, 2)
if isClosed(KEYS[2], batch) then return false end

local told = call('HGET', KEYS[1], 'loops')
told = told and cmsgpack.unpack(told) or {}

-- Of the first stop at once, of all that follow once an hour.
local function stopsToTell(key, time)
  local stops, at = call('HINCRBY', key, 'stops', 1), tonumber(call('HGET', key, 'at') or '')
  call('PEXPIRE', key, 2 * HOUR)
  if at and time < at + HOUR then return 0 end
  call('HSET', key, 'at', string.format('%.0f', time), 'stops', 0)
  return stops
end

local function volleysWithin(state, time)
  local volleys = {}
  for _, each in ipairs(state.volleys) do
    if each.at > time - HOUR then volleys[#volleys + 1] = each end
  end
  return volleys
end

local function meetCampaign(owner, field, rule, time, key)
  local hash = '${OWNER_PREFIX}' .. owner
  local erased, held, writes = unpack(call('HMGET', hash, '${ERASED_FIELD}', field, '${WRITES_FIELD}'))
  local state = held and cmsgpack.unpack(held) or {volleys = {}, till = 0}
  if time < state.till then return {1, #state.volleys, state.volleys[1].at, state.till, 0} end
  if erased or not writes then return FREE end
  local write = answered(cmsgpack.unpack(writes), time, function(write) return write[RULE] == rule end)
  if not write then return FREE end
  for _, each in ipairs(state.volleys) do
    if each.by == write[EVENT] then return FREE end
  end
  state.volleys = volleysWithin(state, time)
  table.insert(state.volleys, {by = write[EVENT], at = time})
  local isOver = #state.volleys > ${MOST_VOLLEYS}
  if isOver then state.till = time + HOUR end
  call('HSET', hash, field, cmsgpack.pack(state))
  keepOwner(hash, 2 * HOUR)
  if not isOver then return FREE end
  return {1, #state.volleys, state.volleys[1].at, state.till, stopsToTell(key, time)}
end

local function meet(owner, field, rule, time, key)
  if field == '' then return {1, 0, time, time, stopsToTell(key, time)} end
  return meetCampaign(owner, field, rule, time, key)
end

local answers = {}
for i = 3, #ARGV, 6 do
  local id, owner, field, rule, time, key = unpack(ARGV, i, i + 5)
  told[id] = told[id] or meet(owner, field, rule, tonumber(time), key)
  answers[#answers + 1] = told[id]
end
call('HSET', KEYS[1], 'loops', cmsgpack.pack(told))
call('PEXPIRE', KEYS[1], keepMemo)
return answers
`;
