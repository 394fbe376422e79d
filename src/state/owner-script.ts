/**
 * For scripts: keeps what lies under the key of an owner at least so many milliseconds from now on. A sixteenth longer, so
 * that it is not written anew with every event.
 */
export const KEEP_OWNER = `
local function keepOwner(key, ms)
  local wanted = tonumber(ms)
  if redis.call('PTTL', key) < wanted then redis.call('PEXPIRE', key, math.ceil(wanted * 17 / 16)) end
end
`;

/**
 * For scripts: whether another run has seen the batch through, so that its memo is gone and nothing may be done for it any
 * more. What goes on with a wait has the name of that wait, with a `|` in it, and is no batch.
 */
export const IS_CLOSED = `
local function isClosed(stored, batch)
  return not string.find(batch, '|', 1, true) and redis.call('HEXISTS', stored, batch) == 0
end
`;
