/**
 * HOLD keeps workers from beginning anything of a lane for a time: BullMQ's limit of the lane counts as reached. A hold
 * that lasts longer stays. KEYS: the limit's counter, the marker. ARGV: what counts as reached, milliseconds.
 *
 * BullMQ wakes its workers by the marker, and forgets it when it takes back a job that has a priority: a worker would
 * then sleep for seconds beside jobs that wait. It is set in any case; a worker that is woken in vain only asks once.
 */
export const HOLD = `
redis.call('ZADD', KEYS[2], 0, '0')
local reached = tonumber(redis.call('GET', KEYS[1]) or 0) >= tonumber(ARGV[1])
if reached and redis.call('PTTL', KEYS[1]) >= tonumber(ARGV[2]) then return end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
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
