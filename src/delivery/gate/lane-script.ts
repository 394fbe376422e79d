/**
 * For scripts: whether a lane lets an attempt begin, and what the attempt tells of it afterwards. A lane is a hash of
 * `breaker` (closed, open, half-open, disabled), `until` when it is left alone, `failures` in a row, `trips` (how often
 * it opened in a row), `probe` and `probeLease` of the one attempt that is under way half-open, `since` when its breaker
 * changed, `lastFailure`, `tat` when its pace is next at rest. A lane of which nothing is known is closed. Times are epoch
 * milliseconds by the worker's clock; the lease of a probe goes by Redis's own, as all leases do.
 */

/** Failures in a row that open a breaker. */
const PATIENCE = 5;

/** How long a breaker stays open, by how often it opened in a row, milliseconds. */
export const COOLING_MS = [5_000, 15_000, 45_000, 120_000, 300_000, 600_000] as const;

/** One who waits for a probe asks again after this time, milliseconds. */
const PROBED_MS = 1_000;

/** One who waits for a person asks again after this time: resuming a lane lets it go on at once. */
const DISABLED_MS = 3_600_000;

/**
 * `enterLane` changes nothing. It answers until when the lane is held and why, or nil, whether the attempt would be the
 * probe, and what `tat` becomes with it. `every`: the lane's pace in milliseconds, 0 for none; `burst`: how many at once.
 * `passLane` writes down that the attempt begins.
 */
export const ENTER_LANE = `
local function enterLane(lane, now, redisNow, every, burst)
  local found = redis.call('HMGET', lane, 'breaker', 'until', 'probe', 'probeLease', 'tat')
  local breaker, held = found[1] or 'closed', tonumber(found[2] or 0)
  if breaker == 'disabled' then return now + ${DISABLED_MS}, 'disabled' end
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
  return nil, nil, breaker ~= 'closed', tat
end

local function passLane(lane, token, lease, isProbe, tat)
  if tat then redis.call('HSET', lane, 'tat', whole(tat)) end
  if isProbe then redis.call('HSET', lane, 'breaker', 'half-open', 'probe', token, 'probeLease', lease) end
end
`;

/**
 * `report` tells the lane how an attempt ended, and answers what changed: opened, closed, disabled, or nothing.
 *   none     it says nothing of the destination
 *   reached  the destination answered, whatever it said of the effect
 *   down     the destination failed
 *   asked    the destination asked to be left alone until `askedUntil`
 *   gone     the destination asked to be left alone for good
 * `jitter`: the factor by which this worker's cooling times differ from the table's.
 */
export const REPORT = `
local COOLING = {${COOLING_MS.join(', ')}}

local function open(lane, trips, now, jitter, askedUntil)
  local cooling = math.min(COOLING[math.min(trips, #COOLING)] * jitter, COOLING[#COOLING])
  redis.call('HSET', lane, 'breaker', 'open', 'trips', trips, 'until', whole(math.max(now + cooling, askedUntil)))
end

local function report(lane, kind, token, reason, now, jitter, askedUntil)
  local found = redis.call('HMGET', lane, 'breaker', 'probe', 'failures', 'trips', 'until')
  local breaker, isProbe = found[1] or 'closed', found[2] == token
  if isProbe then redis.call('HDEL', lane, 'probe', 'probeLease') end
  if kind == 'none' or breaker == 'disabled' then return '' end
  if kind == 'reached' then
    if found[3] then redis.call('HDEL', lane, 'failures') end
    if breaker == 'closed' then return '' end
    redis.call('HDEL', lane, 'until', 'trips')
    redis.call('HSET', lane, 'breaker', 'closed', 'since', whole(now))
    return 'closed'
  end
  redis.call('HSET', lane, 'lastFailure', reason)
  if kind == 'gone' then
    redis.call('HSET', lane, 'breaker', 'disabled', 'since', whole(now))
    return 'disabled'
  end
  if isProbe then
    open(lane, tonumber(found[4] or 0) + 1, now, jitter, askedUntil)
    return ''
  end
  if kind == 'asked' then
    if askedUntil > tonumber(found[5] or 0) then redis.call('HSET', lane, 'until', whole(askedUntil)) end
    return ''
  end
  local failures = redis.call('HINCRBY', lane, 'failures', 1)
  if breaker ~= 'closed' or failures < ${PATIENCE} then return '' end
  redis.call('HSET', lane, 'since', whole(now))
  open(lane, 1, now, jitter, tonumber(found[5] or 0))
  return 'opened'
end
`;
