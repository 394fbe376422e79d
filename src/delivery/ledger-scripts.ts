/**
 * One effect in the ledger: a hash of `state` (sending, waiting, uncertain, done, unknown, failed), `token` and `lease`
 * of the attempt under way, `attempts`, `plan` and `summary`. Time is Redis's own, the one clock that all workers share.
 *
 * CLAIM decides whether an attempt may begin. KEYS[1] the effect. ARGV: token, lease ms, time to live ms.
 * Answers {verdict, plan or '', busy until}:
 *   go           the way is free, and every earlier attempt is known not to have reached the target
 *   interrupted  an earlier attempt may have reached the target: it never reported, or could not tell
 *   busy         an attempt is under way elsewhere
 *   done | unknown   it is over
 */
export const CLAIM = `
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local found = redis.call('HMGET', KEYS[1], 'state', 'lease', 'plan')
local state, plan = found[1], found[3] or ''
if state == 'done' or state == 'unknown' then return {state, plan, '0'} end
if state == 'sending' and tonumber(found[2]) > ms then return {'busy', plan, found[2]} end
redis.call('HSET', KEYS[1], 'state', 'sending', 'token', ARGV[1], 'lease', string.format('%.0f', ms + ARGV[2]))
redis.call('HINCRBY', KEYS[1], 'attempts', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if state == 'sending' or state == 'uncertain' then return {'interrupted', plan, '0'} end
return {'go', plan, '0'}
`;

/**
 * SETTLE records how the attempt ended, unless another attempt has taken over since. A write that is known not to have
 * been made is planned anew next time, since what its plan was read from may have changed.
 * KEYS[1] the effect. ARGV: token, new state, summary. Answers 1, or 0 when the token is no longer the owner's.
 */
export const SETTLE = `
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[2], 'summary', ARGV[3])
redis.call('HDEL', KEYS[1], 'token', 'lease')
if ARGV[2] == 'waiting' or ARGV[2] == 'failed' then redis.call('HDEL', KEYS[1], 'plan') end
return 1
`;
