import { OWNER_PREFIX, REMEMBER_MS } from '../../redis/keys.js';
import { EFFECT_PREFIX } from './ledger-keys.js';

/**
 * An effect in the ledger is a hash. What decides whether something is sent, kept ten days after its last change:
 * `state`, `token` and `lease` and `begun` of the attempt under way, `attempts`, `plan`, `turn`, `counted`. What people
 * read, its texts: `effect` (as JSON), `log` (a line of JSON an attempt), `last` (the last attempt in full, where the log
 * has it shortened), `receipt`, `summary`, `undoneBy`, `at` (epoch milliseconds of its last change).
 *
 * Texts are kept until there are too many. What decides is not: an effect without texts is still sent once.
 *
 * Every script has the keys EFFECT, INDEX, FADING and BYTES (`ledger-keys.ts`) as its first.
 */
export const TEXTS = `
local call = redis.call
local EFFECT, INDEX, FADING, BYTES = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ID = string.sub(EFFECT, ${EFFECT_PREFIX.length + 1})

local function whole(number) return string.format('%.0f', math.ceil(number)) end

local function keepBytes(id, bytes)
  local before = tonumber(call('HGET', BYTES, id) or 0)
  if bytes > 0 then call('HSET', BYTES, id, bytes) else call('HDEL', BYTES, id) end
  call('HINCRBY', BYTES, 'total', bytes - before)
end

local function forget(id)
  local key = '${EFFECT_PREFIX}' .. id
  call('HDEL', key, 'effect', 'log', 'last', 'receipt', 'summary', 'undoneBy')
  local state = call('HGET', key, 'state')
  if state ~= 'uncertain' and state ~= 'sending' then call('HDEL', key, 'plan') end
  call('ZREM', INDEX, id)
  call('ZREM', FADING, id)
  keepBytes(id, 0)
end

-- Among those that people can find. What waits for a person is kept as long as it waits, and takes no room from the
-- others: a rule that is held may hold more than all that is kept of what was sent.
local function list(now, waits)
  call('ZADD', INDEX, now, ID)
  if waits then
    call('ZREM', FADING, ID)
    call('PERSIST', EFFECT)
  else
    call('ZADD', FADING, now, ID)
    call('PEXPIRE', EFFECT, ${REMEMBER_MS})
  end
end

-- To be called when the texts have changed.
local function filed(now, waits)
  if call('HEXISTS', EFFECT, 'effect') == 0 then return end
  call('HSET', EFFECT, 'at', now)
  list(now, waits)
  local bytes = 0
  if not waits then
    for _, text in ipairs({'effect', 'log', 'last', 'receipt', 'summary'}) do bytes = bytes + call('HSTRLEN', EFFECT, text) end
  end
  keepBytes(ID, bytes)
end

-- Lets the oldest texts go that are too old or too many. A few each time: no step adds more than one.
local function makeRoom(now, most, mostBytes)
  for _ = 1, 3 do
    local oldest = call('ZRANGE', FADING, 0, 0, 'WITHSCORES')
    if not oldest[1] then return end
    local fits = call('ZCARD', FADING) <= most and tonumber(call('HGET', BYTES, 'total') or 0) <= mostBytes
    if fits and tonumber(oldest[2]) > now - ${REMEMBER_MS} then return end
    forget(oldest[1])
  end
end

-- Keys from first on are of the people whom the effect is about.
local function anybodyErased(first)
  for i = first, #KEYS do
    local successor = call('HGET', KEYS[i], 'x')
    while successor and successor ~= '' do successor = call('HGET', '${OWNER_PREFIX}' .. successor, 'x') end
    if successor then return true end
  end
  return false
end
`;

/**
 * Counts how an effect ended on the line of the ledger of completeness that its event stands on; an effect that ends
 * otherwise after a replay moves from one count to the other. `hour`: the key. `line`: source and stream, as the names of
 * the counts begin. `outcome`: done, unknown, failed, suppressed, held, or nil while it is none of these.
 */
export const COUNT = `
local function count(hour, line, keepSeconds, outcome)
  local before = call('HGET', EFFECT, 'counted')
  if (before or nil) == outcome then return end
  if before then call('HINCRBY', hour, line .. before, -1) end
  if outcome then
    call('HINCRBY', hour, line .. outcome, 1)
    call('HSET', EFFECT, 'counted', outcome)
  else
    call('HDEL', EFFECT, 'counted')
  end
  call('EXPIRE', hour, keepSeconds)
end

local OVER = {done = true, skipped = true, unknown = true, suppressed = true, undone = true}
`;
