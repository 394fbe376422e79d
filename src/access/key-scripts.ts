const COUNT_ADMINS = `
local function admins()
  local count = 0
  for _, text in ipairs(redis.call('HVALS', KEYS[1])) do
    if cjson.decode(text).role == 'admin' then count = count + 1 end
  end
  return count
end
`;

/** Adds a key only when there is no admin yet. KEYS: the keys. ARGV: id, record. Answers 1 when it was added. */
export const ADD_FIRST_ADMIN = `${COUNT_ADMINS}
if admins() > 0 then return 0 end
return redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
`;

/**
 * Removes a key, but the last admin only when forced. KEYS: the keys. ARGV: id, 1 to force.
 * Answers `unknown`, `last` or the record that was removed.
 */
export const REVOKE = `${COUNT_ADMINS}
local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return 'unknown' end
if ARGV[2] ~= '1' and cjson.decode(text).role == 'admin' and admins() == 1 then return 'last' end
redis.call('HDEL', KEYS[1], ARGV[1])
return text
`;
