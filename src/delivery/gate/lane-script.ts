import { laneQueueName } from '../../queues/queue-names.js';
import { NEVER_REACHED } from '../../queues/queue-options.js';
import { laneKey, QUEUE_PREFIX } from '../../redis/keys.js';

/**
 * For scripts: whether a lane lets an attempt begin, and what the attempt tells of it afterwards. A lane is a hash of
 * `paused` (by whom and why, as JSON), `breaker` (closed, open, half-open, disabled), `until` when it is left alone,
 * `askedSince` its destination has asked for that without a break, `failures` in a row, `trips` (how often it opened in a
 * row), `probe` and `probeLease` of the one attempt that is under way half-open, `since` when its breaker changed,
 * `lastFailure`, `tat` when its pace is next at rest, `fullSince` too much waits in it. A lane of which nothing is known is
 * closed. Times are epoch milliseconds by the worker's clock; the lease of a probe goes by Redis's own, as all leases do.
 */

/** Failures in a row that open a breaker. */
const PATIENCE = 5;

/** How long a breaker stays open, by how often it opened in a row, milliseconds. */
const COOLING_MS = [5_000, 15_000, 45_000, 120_000, 300_000, 600_000] as const;

/** One who waits for a probe asks again after this time, milliseconds. */
const PROBED_MS = 1_000;

/** One who waits for a person asks again after this time: resuming a lane lets it go on at once. */
const BY_A_PERSON_MS = 3_600_000;

/** A destination that asks to be left alone so long after the last time was over asks anew, milliseconds. */
const APART_MS = 60_000;

/**
 * An effect that failed before leaves it to others to be the probe for this time, milliseconds, so that one whose content
 * breaks its receiver cannot keep a breaker open. Workers look at a lane again within a second.
 */
const GIVING_WAY_MS = 2_000;

const LONGEST_HOLD_MS = 24 * 3_600_000;

/**
 * Whoever finds that a lane is held keeps all workers from it in the same step: BullMQ's limit of its queue counts as
 * reached. So what a person resumes is never held by one who looked before. A hold that lasts longer stays.
 */
const HOLD_QUEUE = `
local function limiterOf(lane)
  return '${QUEUE_PREFIX}:${laneQueueName('')}' .. string.sub(lane, ${laneKey('').length + 1}) .. ':limiter'
end

local function holdQueue(lane, now, till)
  local limiter, ms = limiterOf(lane), math.min(math.max(1, till - now), ${LONGEST_HOLD_MS})
  local isHeld = tonumber(redis.call('GET', limiter) or 0) >= ${NEVER_REACHED}
  if isHeld and redis.call('PTTL', limiter) >= ms then return end
  redis.call('SET', limiter, ${NEVER_REACHED}, 'PX', whole(ms))
end
`;

/**
 * `enterLane` changes nothing. It answers until when the lane is held and why, or nil, whether the attempt would be the
 * probe, and what `tat` becomes with it. `every`: the lane's pace in milliseconds, 0 for none; `burst`: how many at once;
 * `hasFailed`: the effect was tried before. Where the answer is `again` it is this effect alone that has to wait.
 * `passLane` writes down that the attempt begins, and holds the lane if none may follow it at once: otherwise as many as
 * there are places would come up to learn that.
 */
export const ENTER_LANE = `${HOLD_QUEUE}
local function enterLane(lane, now, redisNow, every, burst, hasFailed)
  local found = redis.call('HMGET', lane, 'breaker', 'until', 'probe', 'probeLease', 'tat', 'paused')
  local breaker, held = found[1] or 'closed', tonumber(found[2] or 0)
  if found[6] then return now + ${BY_A_PERSON_MS}, 'paused' end
  if breaker == 'disabled' then return now + ${BY_A_PERSON_MS}, 'disabled' end
  if held > now then return held, breaker == 'open' and 'open' or 'asked' end
  local probed = breaker == 'half-open' and found[3] and tonumber(found[4]) > redisNow
  if probed then return now + ${PROBED_MS}, 'half-open' end
  local tat
  if every > 0 then
    -- No turn is reserved here, so one that lies further ahead was left by a clock that was set back.
    tat = math.min(math.max(tonumber(found[5] or 0), now), now + burst * every)
    local turn = tat - (burst - 1) * every
    if turn > now then return turn, 'pace' end
    tat = tat + every
  end
  local isProbe = breaker ~= 'closed'
  if isProbe and hasFailed and now < held + ${GIVING_WAY_MS} then return held + ${GIVING_WAY_MS}, 'again' end
  return nil, nil, isProbe, tat
end

local function passLane(lane, now, pace, probe, tat)
  if tat then
    redis.call('HSET', lane, 'tat', whole(tat))
    local turn = tat - (pace.burst - 1) * pace.every
    if turn > now then holdQueue(lane, now, turn) end
  end
  if probe then
    redis.call('HSET', lane, 'breaker', 'half-open', 'probe', probe.token, 'probeLease', whole(probe.lease))
    holdQueue(lane, now, now + ${PROBED_MS})
  end
end
`;

/**
 * `report` tells the lane how an attempt ended, and answers what changed: opened, closed, disabled, or nothing.
 *   none     it says nothing of the destination
 *   reached  the destination answered, whatever it said of the effect
 *   down     the destination failed
 *   asked    the destination asked to be left alone until `askedUntil`
 *   gone     the destination asked to be left alone for good
 *   held     nothing was asked of it: something of ours keeps all effects from it until `askedUntil`
 * `jitter`: the factor by which this worker's cooling times differ from the table's.
 */
export const REPORT = `${HOLD_QUEUE}
local COOLING = {${COOLING_MS.join(', ')}}

local function open(lane, trips, now, jitter, askedUntil)
  local cooling = math.min(COOLING[math.min(trips, #COOLING)] * jitter, COOLING[#COOLING])
  local till = math.ceil(math.max(now + cooling, askedUntil))
  redis.call('HSET', lane, 'breaker', 'open', 'trips', trips, 'until', whole(till))
  holdQueue(lane, now, till)
end

local function reached(lane, now, found)
  if found.failures then redis.call('HDEL', lane, 'failures') end
  -- What was under way when the destination asked for a pause does not end that.
  if found.askedSince and found.till <= now then redis.call('HDEL', lane, 'askedSince') end
  if found.breaker == 'closed' then return '' end
  redis.call('HDEL', lane, 'until', 'trips', 'askedSince')
  redis.call('HSET', lane, 'breaker', 'closed', 'since', whole(now))
  redis.call('DEL', limiterOf(lane))
  return 'closed'
end

local function asked(lane, now, found, askedUntil)
  -- What it asked for before that was over long ago, and nothing was sent since, is another matter.
  local goesOn = found.askedSince and now - found.till < ${APART_MS}
  if not goesOn then redis.call('HSET', lane, 'askedSince', whole(now)) end
  if askedUntil > found.till then redis.call('HSET', lane, 'until', whole(askedUntil)) end
  holdQueue(lane, now, askedUntil)
  return ''
end

local function report(lane, kind, token, reason, now, jitter, askedUntil)
  local values = redis.call('HMGET', lane, 'breaker', 'probe', 'failures', 'trips', 'until', 'askedSince')
  local found = {breaker = values[1] or 'closed', failures = values[3], askedSince = values[6]}
  found.till = tonumber(values[5] or 0)
  local isProbe = values[2] == token
  if isProbe then
    redis.call('HDEL', lane, 'probe', 'probeLease')
    redis.call('DEL', limiterOf(lane))
  end
  if kind == 'held' then holdQueue(lane, now, askedUntil) end
  if kind == 'none' or kind == 'held' or found.breaker == 'disabled' then return '' end
  if kind == 'reached' then return reached(lane, now, found) end
  redis.call('HSET', lane, 'lastFailure', reason)
  if kind == 'gone' then
    redis.call('HSET', lane, 'breaker', 'disabled', 'since', whole(now))
    return 'disabled'
  end
  if isProbe then
    open(lane, tonumber(values[4] or 0) + 1, now, jitter, askedUntil)
    return ''
  end
  if kind == 'asked' then return asked(lane, now, found, askedUntil) end
  local failures = redis.call('HINCRBY', lane, 'failures', 1)
  if found.breaker ~= 'closed' or failures < ${PATIENCE} then return '' end
  redis.call('HSET', lane, 'since', whole(now))
  open(lane, 1, now, jitter, found.till)
  return 'opened'
end
`;
