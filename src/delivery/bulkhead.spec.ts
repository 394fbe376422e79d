import { jest } from '@jest/globals';
import { Bulkhead } from './bulkhead.js';

/** Begins 16 attempts, as many as a slow destination may have, that end when `release` is called. */
function fill(bulkhead: Bulkhead, destination: string): { release: () => void; ended: Promise<unknown> } {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const ended = Promise.all(Array.from({ length: 16 }, () => bulkhead.during(destination, () => gate)));
  return { release, ended };
}

describe('Bulkhead', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('gives a destination that answers quickly three quarters of the worker', async () => {
    const bulkhead = new Bulkhead();
    const fills = [1, 2, 3].map(() => fill(bulkhead, 'quick'));
    await expect(bulkhead.during('quick', () => Promise.resolve('sent'))).rejects.toThrow('48 effects');
    for (const { release } of fills) release();
    await Promise.all(fills.map(({ ended }) => ended));
    expect(await bulkhead.during('quick', () => Promise.resolve('sent'))).toBe('sent');
  });

  it('remembers that a destination was slow until it answers quickly', async () => {
    const bulkhead = new Bulkhead();
    const first = fill(bulkhead, 'slow');
    jest.advanceTimersByTime(1_001);
    first.release();
    await first.ended;
    const second = fill(bulkhead, 'slow');
    await expect(bulkhead.during('slow', () => Promise.resolve('sent'))).rejects.toThrow('16 effects');
    second.release();
    await second.ended;
    const third = fill(bulkhead, 'slow');
    expect(await bulkhead.during('slow', () => Promise.resolve('sent'))).toBe('sent');
    third.release();
    await third.ended;
  });

  it('sends effects away while their destination has all its places taken', async () => {
    const bulkhead = new Bulkhead();
    const { release, ended } = fill(bulkhead, 'slow');
    jest.advanceTimersByTime(1_001);
    const before = Date.now();
    const refused: unknown = await bulkhead
      .during('slow', () => Promise.resolve('sent'))
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'destination.crowded', postponed: true, retry: { kind: 'at' } });
    expect((refused as { retry: { at: number } }).retry.at).toBeGreaterThan(before);
    expect(await bulkhead.during('other', () => Promise.resolve('sent'))).toBe('sent');
    release();
    await ended;
  });

  it('lets thousands that it sends away come again one after the other', async () => {
    const bulkhead = new Bulkhead();
    const { release, ended } = fill(bulkhead, 'slow');
    jest.advanceTimersByTime(1_001);
    const returns: number[] = [];
    for (let i = 0; i < 5_000; i += 1) {
      await bulkhead
        .during('slow', () => Promise.resolve('sent'))
        .catch((error: unknown) => returns.push((error as { retry: { at: number } }).retry.at));
    }
    release();
    await ended;
    const first = returns[0] ?? 0;
    expect(returns.filter((at) => at < first + 1_000).length).toBeLessThanOrEqual(500);
    expect(returns.at(-1)).toBeLessThan(first + 15_000);
  });

  it('has places again when attempts end, well or badly', async () => {
    const bulkhead = new Bulkhead();
    const { release, ended } = fill(bulkhead, 'slow');
    release();
    await ended;
    for (let i = 0; i < 20; i += 1) {
      await expect(bulkhead.during('slow', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    }
    expect(await bulkhead.during('slow', () => Promise.resolve('sent'))).toBe('sent');
  });
});
