/**
 * RESUME ends all that holds a lane, in one step: its pause, its breaker, a time that its target named. KEYS: the lane,
 * the limit of its queue, the marker of its queue. ARGV: now, epoch milliseconds, since when its breaker is closed, then the
 * fields that go.
 */
export const RESUME = `
redis.call('HDEL', KEYS[1], unpack(ARGV, 2))
redis.call('HSET', KEYS[1], 'since', ARGV[1])
redis.call('DEL', KEYS[2])
redis.call('ZADD', KEYS[3], 0, '0')
`;

/**
 * MOVE_DEAD takes a dead letter from one queue to another and leaves it one. KEYS: its job in either queue, the dead
 * letters of either queue. ARGV[1] the id of the job.
 */
export const MOVE_DEAD = `
local score = redis.call('ZSCORE', KEYS[3], ARGV[1])
if not score then return end
if redis.call('RENAMENX', KEYS[1], KEYS[2]) == 1 then redis.call('ZADD', KEYS[4], score, ARGV[1]) end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[1])
`;
