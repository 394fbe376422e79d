/**
 * For scripts: the paces that an effect keeps beside that of its lane, such as one message a second for each channel. Each
 * is a hash of `tat`, when all turns that were given out are over, and `gone`, when all that began are. Epoch milliseconds
 * by the worker's clock.
 *
 * An effect whose turn has not come gets one of its own, so that ten thousand for one channel are each put off once and
 * nobody asks again and again. A turn is kept with the effect, so a repeat finds it and takes no second one.
 */

/** What a turn may be early or late by, as a part of the time between two: clocks differ, and timers are late. */
export const LEEWAY = 0.2;

/** What is known of a pace is kept so much longer than it needs, milliseconds: workers' clocks may be behind Redis's. */
const KEPT_LONGER_MS = 60_000;

/**
 * `awaitTurn` answers when the turn of the effect is, or nil when it begins now, which it notes. Keys from `first` on are
 * of the paces; the arguments from `firstArg` on are the milliseconds between two and how many may begin at once, of each.
 */
export const AWAIT_TURN = `
local function awaitTurn(effect, now, first, firstArg, count)
  if count == 0 then return nil end
  local given = tonumber(redis.call('HGET', effect, 'turn') or nil)
  if given and given > now then return given end
  local paces, turn, begins = {}, now, now
  for i = 0, count - 1 do
    local pace = {key = KEYS[first + i], every = tonumber(ARGV[firstArg + 2 * i])}
    pace.slack = (tonumber(ARGV[firstArg + 2 * i + 1]) - 1) * pace.every
    local found = redis.call('HMGET', pace.key, 'tat', 'gone')
    pace.gone = tonumber(found[2] or 0)
    -- What began later than in its turn takes the place of a turn that is to come.
    pace.tat = math.max(tonumber(found[1] or 0), pace.gone)
    turn = math.max(turn, pace.tat - pace.slack)
    begins = math.max(begins, pace.gone - pace.slack - pace.every * ${LEEWAY})
    paces[i + 1] = pace
  end
  -- After an outage many turns are over at once. Those that cannot all begin now get other turns.
  local isTurn = begins <= now and (given or turn <= now)
  turn = math.max(turn, begins)
  for _, pace in ipairs(paces) do
    if isTurn then pace.gone = math.max(pace.gone, now) + pace.every end
    if not (isTurn and given) then pace.tat = math.max(pace.tat, turn) + pace.every end
    redis.call('HSET', pace.key, 'tat', whole(pace.tat), 'gone', whole(pace.gone))
    redis.call('PEXPIRE', pace.key, whole(math.max(pace.tat, pace.gone) - now + pace.slack + pace.every + ${KEPT_LONGER_MS}))
  end
  if isTurn then
    redis.call('HDEL', effect, 'turn')
    return nil
  end
  redis.call('HSET', effect, 'turn', whole(turn))
  return turn
end
`;
