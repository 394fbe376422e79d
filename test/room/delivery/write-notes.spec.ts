import type { Attempt } from '../../../src/actions/action.js';
import type { MarketoDestination } from '../../../src/contracts/connections.js';
import type { Receipt } from '../../../src/contracts/effect.js';
import { permanent, transient } from '../../../src/contracts/failure.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { leadOwner } from '../../../src/contracts/lead-owner.js';
import { WriteNotes } from '../../../src/delivery/write-notes.js';
import { STORED_KEY } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { OwnWrites } from '../../../src/state/own-writes.js';
import { attemptAt, effectOf } from '../../support/attempts.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const MARKETO: MarketoDestination = {
  kind: 'marketo',
  munchkinId: '123-ABC-456',
  origin: 'https://marketo.acme.example',
  clientId: 'id',
  clientSecret: 's',
};

describe('what an attempt writes', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let ownWrites: OwnWrites;
  let notes: WriteNotes;
  let serial = 0;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    ownWrites = new OwnWrites(connections);
    notes = new WriteNotes(ownWrites);
  });
  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await connections.forWorkers().flushall();
  });

  function attempt(params: JsonObject, type = 'marketo.addToList'): Attempt {
    const cause = { via: 'emit', ruleId: 'a/rule', eventId: 'x', effectId: 'y', depth: 2 } as const;
    return attemptAt(MARKETO, effectOf(type, params, { id: 'the effect', cause }));
  }
  const ADDS = attempt({ list: 1001, lead: 7 });

  /** The depth of the write that is noted for what would come back now; undefined when none is. */
  async function noted(type = 'addtolist', what = '1001', value = ''): Promise<number | undefined> {
    serial += 1;
    const batch = `b${serial}`;
    await connections.forWorkers().hset(STORED_KEY, batch, '{}');
    const activity = { type: `marketo.activity.${type}`, what, value };
    const detail = { time: Date.now(), activity, leeway: 'none', byCampaign: false } as const;
    const about = { eventId: `e${serial}`, owner: leadOwner(MARKETO.munchkinId, '7') };
    const [write] = await ownWrites.behind(batch, [{ ...about, detail: () => detail }]);
    return write?.depth;
  }

  const answering = (receipt: Receipt) => (): Promise<Receipt> => Promise.resolve(receipt);

  it('is noted before it is sent, with how many firings led to it', async () => {
    let before: number | undefined;
    await notes.during(ADDS, false, async () => {
      before = await noted();
      return { summary: 'added' };
    });
    expect([before, await noted()]).toEqual([3, undefined]);
  });

  it('is noted of the lead whom Marketo names, where nobody knew before', async () => {
    const params = { fields: { email: 'ada@acme.example', country: 'France' } };
    await notes.during(
      attempt(params, 'marketo.syncLead'),
      false,
      answering({ summary: 's', data: { id: 7 } }),
    );
    expect(await noted('changedatavalue', 'country', 'france')).toBe(3);
    expect(await noted('changedatavalue', 'email', 'ada@acme.example')).toBeUndefined();
  });

  it.each([
    ['was so already', answering({ summary: 'was a member', already: true }), false, undefined],
    [
      'was so already, perhaps by an earlier attempt',
      answering({ summary: 'was a member', already: true }),
      true,
      3,
    ],
    ['was refused', () => Promise.reject(permanent('marketo.1004', 'Lead not found')), false, undefined],
    [
      'was refused, perhaps after an earlier attempt',
      () => Promise.reject(permanent('marketo.1', 'x')),
      true,
      3,
    ],
    [
      'may have got through',
      () => Promise.reject(transient('http.reset', 'x', { outcomeUnknown: true })),
      false,
      3,
    ],
  ])('that %s', async (_, send, uncertain, depth) => {
    await notes.during(ADDS, uncertain, send).catch(() => undefined);
    expect(await noted()).toBe(depth);
  });

  it('is no write to a lead: nothing is noted', async () => {
    await notes.during(
      attempt({ campaign: 9 }, 'marketo.scheduleCampaign'),
      false,
      answering({ summary: 's' }),
    );
    expect(await connections.forWorkers().keys('*')).toEqual([]);
  });
});
