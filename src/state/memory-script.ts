import { ERASED_FIELD, FLOW_MARK, PROFILE_FIELD } from '../contracts/memory.js';
import { OWNER_PREFIX } from '../redis/keys.js';
import { IS_CLOSED, KEEP_OWNER } from './owner-script.js';

/**
 * Touches logs for a batch: tells what each held, then puts at its end what the batch adds.
 *
 * KEYS[1] the memo of the batch, so that one who asks again is answered the same: a hash of which each field with the
 * mark of memory is what one script told, a cmsgpack map of what each place held, or false. KEYS[2] the batches that are
 * stored: of another nothing is noted, and the answer is nil. ARGV: the batch; name of this call, which begins with that
 * mark; number of this script in it; milliseconds to keep the memo; then of each owner its name,
 * milliseconds to keep it, the number of its fields, and of each of these its name and what to append. No place may be
 * in a call twice. Answers what each place held, nil for nothing.
 */
export const TOUCH_LOGS = `${KEEP_OWNER}${IS_CLOSED}
local MARK, OWNERS = 'memory:', '${OWNER_PREFIX}'
local call, sub = redis.call, string.sub
local batch, asking, part, keepMemo = unpack(ARGV, 1, 4)
if isClosed(KEYS[2], batch) then return false end

-- No place of this call is in another script of it, so those need not be read; this script itself may be sent twice.
local told = {}
for _, name in ipairs(call('HKEYS', KEYS[1])) do
  if sub(name, 1, #MARK) == MARK and (name == asking .. part or sub(name, 1, #asking) ~= asking) then
    for place, before in pairs(cmsgpack.unpack(call('HGET', KEYS[1], name))) do told[place] = before end
  end
end

local answers, news = {}, {}

local function touch(owner, keep, first, last)
  local key, fields, changes = OWNERS .. owner, {}, {}
  for at = first, last, 2 do fields[#fields + 1] = ARGV[at] end
  local held = call('HMGET', key, '${ERASED_FIELD}', unpack(fields))
  local erased = held[1]
  for i, field in ipairs(fields) do
    local place, append = owner .. field, ARGV[first + 2 * i - 1]
    local before = told[place]
    if before == nil then
      before = held[i + 1]
      news[place] = before
      if append ~= '' and not erased then
        changes[#changes + 1] = field
        changes[#changes + 1] = (before or '') .. append
      end
    end
    answers[#answers + 1] = before
  end
  if #changes > 0 then call('HSET', key, unpack(changes)) end
  if not erased then keepOwner(key, keep) end
end

local at = 5
while at <= #ARGV do
  local last = at + 2 + 2 * ARGV[at + 2]
  touch(ARGV[at], ARGV[at + 1], at + 3, last)
  at = last + 1
end
if next(news) then
  call('HSET', KEYS[1], asking .. part, cmsgpack.pack(news))
  call('PEXPIRE', KEYS[1], keepMemo)
end
return answers
`;

/**
 * Ends owners: one who was merged gives what it has to another, and of one who was erased everything goes. Once ended
 * an owner stays so, so the script may be sent again.
 *
 * KEYS[1] what waits in the flow of rules. KEYS[2] who was erased. ARGV: milliseconds to remember the end of an owner,
 * epoch milliseconds, then pairs of an owner and the one into which it was merged, or an empty text.
 */
export const END_OWNERS = `${KEEP_OWNER}
local OWNERS, ERASED, DUE = '${OWNER_PREFIX}', '${ERASED_FIELD}', KEYS[1]
local call, sub = redis.call, string.sub

local function living(owner)
  local successor = call('HGET', OWNERS .. owner, ERASED)
  while successor and successor ~= '' do
    owner, successor = successor, call('HGET', OWNERS .. successor, ERASED)
  end
  return owner, not successor
end

-- A state of the flow and its due member have the same name.
local function moveDue(from, into, field, isFree)
  local due = call('ZSCORE', DUE, from .. '|' .. field)
  if not due then return end
  call('ZREM', DUE, from .. '|' .. field)
  if isFree then call('ZADD', DUE, due, into .. '|' .. field) end
end

local function move(from, into)
  local source, target = OWNERS .. from, OWNERS .. into
  local contents = call('HGETALL', source)
  for i = 1, #contents, 2 do
    local field, value = contents[i], contents[i + 1]
    if sub(field, 1, 1) == '${FLOW_MARK}' then
      moveDue(from, into, field, call('HSETNX', target, field, value) == 1)
    elseif field ~= '${PROFILE_FIELD}' then
      call('HSET', target, field, (call('HGET', target, field) or '') .. value)
    end
  end
  keepOwner(target, call('PTTL', source))
end

-- The first time counts: what was decided since then, on the deletion itself for example, is none of its business.
local function noteErased(owner)
  local before = call('ZSCORE', KEYS[2], owner)
  if not before or tonumber(before) > tonumber(ARGV[2]) then call('ZADD', KEYS[2], ARGV[2], owner) end
end

local function finish(owner, into)
  local key, remember = OWNERS .. owner, tonumber(ARGV[1])
  if into == '' then noteErased(owner) end
  if call('HEXISTS', key, ERASED) == 1 then return end
  if into ~= '' then
    local lives
    into, lives = living(into)
    if into == owner then return end
    if lives then move(owner, into) end
    -- As long as anything refers to what it had, so that it is found where it is now.
    remember = math.max(remember, call('PTTL', key))
  end
  call('UNLINK', key)
  call('HSET', key, ERASED, into)
  call('PEXPIRE', key, remember)
end

for at = 3, #ARGV, 2 do finish(ARGV[at], ARGV[at + 1]) end
`;

/** KEYS[1] the owner's hash. ARGV: field, records, milliseconds to keep the owner. */
export const APPEND_TO_LOG = `${KEEP_OWNER}
local field, records, keep = unpack(ARGV)
local erased, log = unpack(redis.call('HMGET', KEYS[1], '${ERASED_FIELD}', field))
if erased or records == '' then return end
redis.call('HSET', KEYS[1], field, (log or '') .. records)
keepOwner(KEYS[1], keep)
`;

/** KEYS[1] the owner's hash. ARGV: field, the beginning that its log must have, what stands there instead from now on. */
export const REPLACE_BEGINNING = `
local field, beginning, by = unpack(ARGV)
local log = redis.call('HGET', KEYS[1], field)
if not log or string.sub(log, 1, #beginning) ~= beginning then return end
local changed = by .. string.sub(log, #beginning + 1)
if changed == '' then redis.call('HDEL', KEYS[1], field) else redis.call('HSET', KEYS[1], field, changed) end
`;
