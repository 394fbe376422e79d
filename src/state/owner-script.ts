/** For scripts: keeps what lies under the key of an owner at least so many milliseconds from now on. */
export const KEEP_OWNER = `
local function keepOwner(key, ms)
  if redis.call('PTTL', key) < tonumber(ms) then redis.call('PEXPIRE', key, ms) end
end
`;
