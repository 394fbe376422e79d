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
 * Counts how an effect ended on the line of the ledger of completeness that its event stands on; an effect that ends
 * otherwise after a replay moves from one count to the other. KEYS[1] the effect, KEYS[2] the hour. `line`: source and
 * stream, as the names of the counts begin. `outcome`: done, unknown, failed, or nil while it is not over.
 */
const COUNT = `
local function count(outcome, line, keepSeconds)
  local before = redis.call('HGET', KEYS[1], 'counted')
  if (before or nil) == outcome then return end
  if before then redis.call('HINCRBY', KEYS[2], line .. before, -1) end
  if outcome then
    redis.call('HINCRBY', KEYS[2], line .. outcome, 1)
    redis.call('HSET', KEYS[1], 'counted', outcome)
  else
    redis.call('HDEL', KEYS[1], 'counted')
  end
  redis.call('EXPIRE', KEYS[2], keepSeconds)
end
`;

/**
 * SETTLE records how the attempt ended, unless another attempt has taken over since, and counts it. A write that is
 * known not to have been made is planned anew next time, since what its plan was read from may have changed.
 * KEYS: the effect, its hour. ARGV: token, new state, summary, line, seconds that the hour is kept. Answers 1, or 0 when
 * the token is no longer the owner's.
 */
export const SETTLE = `${COUNT}
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[2], 'summary', ARGV[3])
redis.call('HDEL', KEYS[1], 'token', 'lease')
if ARGV[2] == 'waiting' or ARGV[2] == 'failed' then redis.call('HDEL', KEYS[1], 'plan') end
local over = ARGV[2] == 'done' or ARGV[2] == 'unknown' or ARGV[2] == 'failed'
count(over and ARGV[2] or nil, ARGV[4], ARGV[5])
return 1
`;

/**
 * GIVE_UP counts an effect as failed whose job becomes a dead letter, whatever its attempts came to: it may never have
 * been claimed, or its last attempt may have reached the target. One that is over stays what it is. A dead letter may
 * wait for long, so its effect is remembered as long as the hour. KEYS: the effect, its hour. ARGV: line, seconds.
 */
export const GIVE_UP = `${COUNT}
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'done' or state == 'unknown' then return end
count('failed', ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[2])
`;
