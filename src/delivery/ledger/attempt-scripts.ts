import { REMEMBER_MS } from '../../redis/keys.js';
import { ENTER_LANE, REPORT } from '../gate/lane-script.js';
import { AWAIT_TURN } from '../gate/pace-script.js';
import { COUNT, TEXTS } from './texts-script.js';

/** Attempts whose record is kept, of the first and of the last. */
const FIRST = 5;
const LAST = 15;

/** Time for leases is Redis's own, the one clock that all workers share. */
const REDIS_NOW = `
local time = redis.call('TIME')
local redisNow = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** Adds a line to the log of attempts; between the first and the last of many some are left out. */
const LOG = `
local function logged(line)
  local lines = {}
  for each in string.gmatch(call('HGET', EFFECT, 'log') or '', '[^\\n]+') do lines[#lines + 1] = each end
  lines[#lines + 1] = line
  if #lines > ${FIRST + LAST} then table.remove(lines, ${FIRST + 1}) end
  call('HSET', EFFECT, 'log', table.concat(lines, '\\n'))
end
`;

/**
 * CLAIM decides whether an attempt may begin. KEYS: those of the ledger, 5 the lane, then the paces, then the people.
 * ARGV: token, lease ms, now, the same as text, pace of the lane (ms between two, at once), the effect, the effect
 * without what it tells of people, how many paces, and of each ms between two and at once.
 * Answers {verdict, plan or '', until or '0', why or ''}:
 *   go           the way is free, and every earlier attempt is known not to have reached the target
 *   interrupted  an earlier attempt may have reached the target: it never reported, or could not tell
 *   busy         an attempt is under way elsewhere
 *   lane         nothing may go to this destination before then
 *   turn         the effect has its turn then
 *   held         it waits for a person
 *   done | skipped | unknown | suppressed | undone   it is over
 */
export const CLAIM = `${TEXTS}${COUNT}${ENTER_LANE}${AWAIT_TURN}${LOG}${REDIS_NOW}
local token, lease, now = ARGV[1], redisNow + ARGV[2], tonumber(ARGV[3])
local found = call('HMGET', EFFECT, 'state', 'lease', 'plan', 'begun', 'attempts')
local state, plan = found[1], found[3] or ''
if OVER[state] or state == 'held' then return {state, plan, '0', ''} end
if state == 'sending' and tonumber(found[2]) > redisNow then return {'busy', plan, found[2], ''} end

local paces = tonumber(ARGV[9])
local pace, hasFailed = {every = tonumber(ARGV[5]), burst = tonumber(ARGV[6])}, tonumber(found[5] or 0) > 0
local held, why, isProbe, tat = enterLane(KEYS[5], now, redisNow, pace.every, pace.burst, hasFailed)
if why == 'again' then return {'turn', plan, whole(held), ''} end
if held then
  holdQueue(KEYS[5], now, held)
  return {'lane', plan, whole(held), why}
end
local turn = awaitTurn(EFFECT, now, 6, 10, paces)
if turn then
  call('PEXPIRE', EFFECT, ${REMEMBER_MS})
  return {'turn', plan, whole(turn), ''}
end
passLane(KEYS[5], now, pace, isProbe and {token = token, lease = lease}, tat)

-- What an earlier version began says no time.
if state == 'sending' and found[4] then
  logged('{"at":"' .. found[4] .. '","ms":0,"outcome":"interrupted","reason":"The worker stopped while it was sending."}')
end
local begun = {'state', 'sending', 'token', token, 'lease', whole(lease), 'begun', ARGV[4], 'at', now}
if call('HEXISTS', EFFECT, 'effect') == 0 then
  begun[#begun + 1] = 'effect'
  begun[#begun + 1] = anybodyErased(6 + paces) and ARGV[8] or ARGV[7]
end
call('HSET', EFFECT, unpack(begun))
call('HINCRBY', EFFECT, 'attempts', 1)
-- Its texts are weighed when the attempt ends; so few are under way that they make no difference.
list(now, false)
if state == 'sending' or state == 'uncertain' then return {'interrupted', plan, '0', ''} end
return {'go', plan, '0', ''}
`;

/**
 * SETTLE records how the attempt ended, unless another attempt has taken over since, counts it, and tells the lane. A
 * write that is known not to have been made is planned anew next time, since what its plan was read from may have changed.
 * KEYS: those of the ledger, 5 the lane, 6 the hour, then the people. ARGV: token, new state, summary, the same without
 * what it tells of people, line, seconds that the hour is kept, now, what it tells of the lane, jitter, asked until, the
 * record of the attempt (empty when nothing was attempted), the record in full where that is another, receipt or empty,
 * the effect without what it tells of people, most effects, most bytes. Answers what changed of the lane, or ''.
 */
export const SETTLE = `${TEXTS}${COUNT}${REPORT}${LOG}
local token, state, now = ARGV[1], ARGV[2], tonumber(ARGV[7])
local isOwner = call('HGET', EFFECT, 'token') == token
local change = report(KEYS[5], isOwner and ARGV[8] or 'none', token, ARGV[3], now, tonumber(ARGV[9]), tonumber(ARGV[10]))
if not isOwner then return '' end

call('HSET', EFFECT, 'state', state)
call('HDEL', EFFECT, 'token', 'lease', 'begun')
if state == 'waiting' or state == 'failed' then call('HDEL', EFFECT, 'plan') end
if ARGV[11] == '' then call('HINCRBY', EFFECT, 'attempts', -1) end
local counted = (OVER[state] or state == 'failed') and state or nil
count(KEYS[6], ARGV[5], ARGV[6], counted == 'skipped' and 'done' or counted)

if anybodyErased(7) then
  forget(ID)
  call('HSET', EFFECT, 'effect', ARGV[14], 'summary', ARGV[4])
elseif call('HEXISTS', EFFECT, 'effect') == 1 then
  call('HSET', EFFECT, 'summary', ARGV[3])
  if ARGV[11] ~= '' then
    logged(ARGV[11])
    if ARGV[12] ~= '' then call('HSET', EFFECT, 'last', ARGV[12]) else call('HDEL', EFFECT, 'last') end
  end
  if ARGV[13] ~= '' then call('HSET', EFFECT, 'receipt', ARGV[13]) end
end
filed(now, state == 'failed')
makeRoom(now, tonumber(ARGV[15]), tonumber(ARGV[16]))
return change
`;
