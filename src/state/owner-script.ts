/** For scripts: keeps what lies under the key of an owner at least so many milliseconds from now on. */
export const KEEP_OWNER = `
local function keepOwner(key, ms)
  if redis.call('PTTL', key) < tonumber(ms) then redis.call('PEXPIRE', key, ms) end
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
