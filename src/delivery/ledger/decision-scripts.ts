import { REMEMBER_MS } from '../../redis/keys.js';
import { COUNT, TEXTS } from './texts-script.js';

/**
 * What is decided about an effect without sending it. KEYS: those of the ledger, 5 the hour, then the people. ARGV: now,
 * line, seconds that the hour is kept, most effects, most bytes, the reason, the same without what it tells of people, the
 * effect, the effect without what it tells of people.
 */
const DECIDE = `${TEXTS}${COUNT}
local now = tonumber(ARGV[1])
local state = call('HGET', EFFECT, 'state')

local function decided(counted, waits)
  count(KEYS[5], ARGV[2], ARGV[3], counted)
  local isErased = anybodyErased(6)
  if isErased and not waits then forget(ID) end
  if call('HEXISTS', EFFECT, 'effect') == 0 then call('HSET', EFFECT, 'effect', ARGV[isErased and 9 or 8]) end
  if ARGV[6] ~= '' then call('HSET', EFFECT, 'summary', ARGV[isErased and 7 or 6]) end
  filed(now, waits)
  makeRoom(now, tonumber(ARGV[4]), tonumber(ARGV[5]))
end
`;

/**
 * GIVE_UP counts an effect as failed whose job becomes a dead letter, whatever its attempts came to: it may never have
 * been claimed, or its last attempt may have reached the target. One that is over stays what it is. A dead letter may
 * wait for long, so its effect is remembered until somebody puts it back.
 */
export const GIVE_UP = `${DECIDE}
if OVER[state] then return end
if state ~= 'uncertain' and state ~= 'sending' then call('HSET', EFFECT, 'state', 'failed') end
decided('failed', not anybodyErased(6))
`;

/**
 * SUPPRESS ends an effect that is not to be sent. Answers 1 when it is suppressed; 0 when an attempt is under way, may have
 * reached the target, or did.
 */
export const SUPPRESS = `${DECIDE}
if state == 'suppressed' then return 1 end
if OVER[state] or state == 'uncertain' or state == 'sending' then return 0 end
call('HSET', EFFECT, 'state', 'suppressed')
decided('suppressed', false)
return 1
`;

/** HOLD keeps an effect of which nothing was known until a person releases it. Answers 1 when it is held. */
export const HOLD = `${DECIDE}
if state then return state == 'held' and 1 or 0 end
call('HSET', EFFECT, 'state', 'held', 'effect', ARGV[8])
decided('held', true)
return 1
`;

/** RELEASE lets an effect be sent that was held. Answers 1 when it waits to be sent, however often it is said. */
export const RELEASE = `${DECIDE}
if state == 'waiting' then return 1 end
if state ~= 'held' then return 0 end
call('HSET', EFFECT, 'state', 'waiting')
decided(nil, false)
return 1
`;

/** UNDO notes that what was done was taken back. KEYS: those of the ledger. ARGV: now, by whom. Answers 1, or 0. */
export const UNDO = `${TEXTS}
local state = call('HGET', EFFECT, 'state')
if state == 'undone' then return 1 end
if state ~= 'done' and state ~= 'skipped' then return 0 end
call('HSET', EFFECT, 'state', 'undone', 'undoneBy', ARGV[2])
filed(tonumber(ARGV[1]), false)
return 1
`;

/** FORGET lets go of what people read of an effect. What decides whether it is sent stays. KEYS: those of the ledger. */
export const FORGET = `${TEXTS}
forget(ID)
call('PEXPIRE', EFFECT, ${REMEMBER_MS})
`;
