import { Journal } from '../../../src/journal/journal.js';
import type { Decision } from '../../../src/contracts/decision.js';
import type { JournalEntry } from '../../../src/journal/journal-entry.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

function decision(eventId: string, more: Partial<Decision> = {}): JournalEntry {
  return {
    kind: 'decision',
    decision: { eventId, ruleId: 'leads/x', ruleVersion: 'abc', outcome: 'fired', effects: ['e1'], ...more },
  };
}

const unreadable: JournalEntry = {
  kind: 'unreadable',
  unreadable: {
    source: 'marketo-io',
    receivedAt: '2026-01-01T00:00:00.000Z',
    at: 'body 1',
    reason: 'not JSON',
    raw: '{"a": "\u0000 ü \ud800"',
  },
};

/** As much as a delivery can bring. */
const RAW = 'x'.repeat(3_000_000);

describe('Journal', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let journal: Journal;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    journal = new Journal(connections);
  });
  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });

  it('gives back what was written, newest first, each kind for itself', async () => {
    await journal.append([decision('1'), unreadable, decision('2')]);
    const decisions = await journal.latest('decision', 10);
    expect(decisions.map((entry) => entry.kind === 'decision' && entry.decision.eventId)).toEqual(['2', '1']);
    expect(await journal.latest('unreadable', 10)).toEqual([
      { ...unreadable, position: expect.stringMatching(/^\d+-\d+$/) as string },
    ]);
    expect(await journal.latest('decision', 1)).toHaveLength(1);
  });

  it('writes a thousand entries in one round trip', async () => {
    await journal.append(Array.from({ length: 1_000 }, (_, i) => decision(`many ${i}`)));
    const [newest] = await journal.latest('decision', 1);
    expect(newest).toMatchObject({ decision: { eventId: 'many 999' } });
  });

  it('does nothing for nothing', async () => {
    await expect(journal.append([])).resolves.toEqual([]);
  });

  it('writes a decision once however often its event is delivered, and what else is decided of it', async () => {
    const failed = decision('once', { outcome: 'failed', effects: [] });
    expect(await journal.append([unreadable, failed, failed])).toEqual([true, true, false]);
    const fired = decision('once', { ruleVersion: 'def' });
    expect(await journal.append([fired, unreadable])).toEqual([true, true]);
    expect(await journal.append([decision('once'), failed])).toEqual([false, false]);
    expect(await journal.append([decision('once', { ruleId: 'leads/y' })])).toEqual([true]);
    expect(await journal.append([decision('once', { effects: ['e1', 'e2'] })])).toEqual([true]);
  });

  it('keeps what could not be read whole, and lets the oldest go beyond 256 MB', async () => {
    const piece = (n: number): JournalEntry => ({
      kind: 'unreadable',
      unreadable: {
        source: 's',
        receivedAt: '2026-01-01T00:00:00.000Z',
        at: String(n),
        reason: 'r',
        raw: RAW,
      },
    });
    for (let n = 0; n < 100; n += 1) await journal.append([piece(n)]);
    const kept = await journal.latest('unreadable', 200);
    expect(kept.length).toBeGreaterThan(80);
    expect(kept.length).toBeLessThan(90);
    expect(kept[0]).toMatchObject({ unreadable: { at: '99', raw: RAW } });
    expect(kept.at(-1)).toMatchObject({ unreadable: { at: String(100 - kept.length) } });
  });
});
