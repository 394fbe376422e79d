import { FailedAttempts, TooManyAttempts } from './failed-attempts.js';

const MINUTE = 60_000;

let now: number;
let attempts: FailedAttempts;
beforeEach(() => {
  now = 1_000_000;
  attempts = new FailedAttempts({ now: () => now });
});

const wrong = () => undefined;
const right = () => 'somebody';

async function outcome(
  address: string,
  credential: string,
  check: () => string | undefined,
): Promise<string> {
  try {
    return (await attempts.attempt(address, credential, check)) ?? 'wrong';
  } catch (error) {
    if (error instanceof TooManyAttempts) return `stopped for ${error.retryAfter}`;
    throw error;
  }
}

async function guess(times: number, address = '203.0.113.1'): Promise<void> {
  for (let i = 0; i < times; i += 1) expect(await outcome(address, `guess ${i}`, wrong)).toBe('wrong');
}

it('stops an address for a minute after twenty wrong ones within a minute', async () => {
  await guess(20);
  const check = jest.fn(right);
  expect(await outcome('203.0.113.1', 'right', check)).toBe('stopped for 60');
  expect(check).not.toHaveBeenCalled();
  now += MINUTE - 1;
  expect(await outcome('203.0.113.1', 'right', check)).toBe('stopped for 1');
  now += 1;
  expect(await outcome('203.0.113.1', 'right', check)).toBe('somebody');
});

it('forgets what was wrong more than a minute ago', async () => {
  await guess(19);
  now += MINUTE;
  await guess(19);
  expect(await outcome('203.0.113.1', 'right', right)).toBe('somebody');
});

it('does not stop other addresses, but the whole /64 of an IPv6 address', async () => {
  await guess(20);
  expect(await outcome('203.0.113.2', 'x', wrong)).toBe('wrong');
  expect(await outcome('::ffff:203.0.113.1', 'x', wrong)).toMatch(/stopped/);
  await guess(20, '2001:db8::1');
  expect(await outcome('2001:db8::ffff', 'x', wrong)).toMatch(/stopped/);
  expect(await outcome('2001:db8:0:1::1', 'x', wrong)).toBe('wrong');
});

it('lets through what was good within the last hour, from wherever', async () => {
  expect(await outcome('198.51.100.1', 'good', right)).toBe('somebody');
  await guess(20);
  expect(await outcome('203.0.113.1', 'good', right)).toBe('somebody');
  now += 61 * MINUTE;
  await guess(20);
  expect(await outcome('203.0.113.1', 'good', right)).toMatch(/stopped/);
});

it('no longer lets through what was good and is wrong now', async () => {
  await outcome('203.0.113.1', 'revoked', right);
  expect(await outcome('203.0.113.1', 'revoked', wrong)).toBe('wrong');
  await guess(19);
  expect(await outcome('203.0.113.1', 'revoked', wrong)).toMatch(/stopped/);
});

it('counts those that are being checked: many at once are no way around', async () => {
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      attempts
        .attempt('203.0.113.1', `guess ${i}`, () => Promise.resolve(undefined))
        .then(
          () => 'checked',
          () => 'stopped',
        ),
    ),
  );
  expect(results.filter((each) => each === 'checked')).toHaveLength(20);
});

it('takes the same credential many times at once for one', async () => {
  const check = () => Promise.resolve('somebody');
  const all = Array.from({ length: 100 }, () => attempts.attempt('203.0.113.1', 'mine', check));
  expect(new Set(await Promise.all(all))).toEqual(new Set(['somebody']));
});

it('holds nothing against anybody when the check itself fails', async () => {
  const fail = () => Promise.reject(new Error('no Redis'));
  for (let i = 0; i < 30; i += 1)
    await expect(attempts.attempt('203.0.113.1', `key ${i}`, fail)).rejects.toThrow('no Redis');
  expect(await outcome('203.0.113.1', 'right', right)).toBe('somebody');
});

it('stays within its bounds however many addresses there are', async () => {
  for (let i = 0; i < 30_000; i += 1)
    await attempts.attempt(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 'x', wrong);
  const held = Object.values(attempts).map((each: unknown) => (each as { size?: number }).size ?? 0);
  expect(Math.max(...held)).toBe(10_000);
});
