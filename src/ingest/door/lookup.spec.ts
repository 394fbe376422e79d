import { jest } from '@jest/globals';
import { type Found, Lookup } from './lookup.js';

const LIMITS = { good: 2, others: 3, atOnce: 2, perSecond: 1, burst: 4 };

describe('asking about what strangers can name', () => {
  let now: number;
  let lookup: Lookup<string>;
  let asked: string[];

  beforeEach(() => {
    now = 1_000_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    lookup = new Lookup(LIMITS, 'busy');
    asked = [];
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const get = async (name: string, found: Partial<Found<string>> = {}): Promise<string> =>
    await lookup.get(name, () => {
      asked.push(name);
      return Promise.resolve({ value: name.toUpperCase(), keepMs: 1_000, good: true, ...found });
    });

  it('asks once while the answer is fresh, and once for many at a time', async () => {
    expect(await Promise.all([get('a'), get('a'), get('a')])).toEqual(['A', 'A', 'A']);
    now += 999;
    expect(await get('a')).toBe('A');
    expect(asked).toEqual(['a']);
    now += 1;
    await get('a');
    expect(asked).toEqual(['a', 'a']);
  });

  it('asks no more at once, and no more in a second, than it may', async () => {
    expect(await Promise.all([get('a'), get('b'), get('c')])).toEqual(['A', 'B', 'busy']);
    await get('d', { good: false });
    await get('e', { good: false });
    expect(await get('f')).toBe('busy');
    now += 1_000;
    expect(await get('f')).toBe('F');
    expect(await get('g')).toBe('busy');
    now += 60_000;
    const more = await Promise.all(['h', 'i'].map((name) => get(name, { good: false })));
    expect(more).toEqual(['H', 'I']);
    expect([await get('j'), await get('k'), await get('l')]).toEqual(['J', 'K', 'busy']);
  });

  it('always asks anew about what was good', async () => {
    await get('a');
    for (const name of ['x', 'y', 'z']) await get(name, { good: false });
    now += 1_001;
    const strangers = [get('p'), get('q')];
    expect(await get('a')).toBe('A');
    await Promise.all(strangers);
  });

  it('keeps what is good whatever strangers make up, and forgets what was not used for the longest', async () => {
    await get('a', { keepMs: 1e9 });
    await get('b', { keepMs: 1e9 });
    for (let n = 0; n < 1_000; n += 1) {
      now += 1_000;
      await get(`made-up-${n}`, { good: false, keepMs: 1e9 });
    }
    await get('a');
    now += 1_000;
    await get('c', { keepMs: 1e9 });
    asked = [];
    await get('a');
    await get('c');
    expect(asked).toEqual([]);
    await get('b');
    expect(asked).toEqual(['b']);
  });

  it('remembers a failure as long as it says, also of what was good', async () => {
    await get('a');
    now += 1_000;
    expect(await get('a', { value: 'none', good: false })).toBe('none');
    expect(await get('a')).toBe('none');
    now += 1_000;
    expect(await get('a')).toBe('A');
  });
});
