/**
 * Appends an entry unless one was appended under its mark. KEYS: the stream, the mark. ARGV: how long the mark stays in
 * milliseconds, entries to keep, the entry. Answers its position, or nil when it was there before.
 */
export const APPEND_ONCE = `
if not redis.call('SET', KEYS[2], '', 'NX', 'PX', ARGV[1]) then return false end
return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'entry', ARGV[3])
`;

/**
 * Appends an entry and lets the oldest go until all together are within a number of bytes. KEYS: the stream, its size
 * in bytes. ARGV: bytes to keep, the entry. Answers its position.
 */
export const APPEND_WITHIN = `
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('DEL', KEYS[2]) end
local position = redis.call('XADD', KEYS[1], '*', 'entry', ARGV[2])
local size = redis.call('INCRBY', KEYS[2], #ARGV[2])
while size > tonumber(ARGV[1]) and redis.call('XLEN', KEYS[1]) > 1 do
  local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  redis.call('XDEL', KEYS[1], oldest[1])
  size = redis.call('DECRBY', KEYS[2], #oldest[2][2])
end
return position
`;
