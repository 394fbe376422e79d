import type { Clock } from '../../../src/contracts/clock.js';
import { IdentityProvider } from '../../support/identity-provider.js';
import { MarketoPusher, type PusherOptions } from '../../support/marketo-pusher.js';
import { serve, type TestServer } from '../../support/http-server.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const CLIENT = { clientId: 'marketo', clientSecret: 'client-secret' };

class WalkingClock implements Clock {
  at = Date.UTC(2026, 4, 4, 10);

  now(): number {
    return this.at;
  }
}

interface Push {
  readonly at: number;
  readonly authorization: string | undefined;
  readonly munchkinId: string;
  readonly messageId: string;
  readonly ids: readonly number[];
}

describe('MarketoPusher', () => {
  const clock = new WalkingClock();
  const start = clock.now();
  const pushes: Push[] = [];
  let answer: (push: Push) => number | undefined;
  let consumer: TestServer;
  let idp: IdentityProvider;
  let pusher: MarketoPusher;

  beforeEach(async () => {
    clock.at = start;
    pushes.length = 0;
    answer = () => 200;
    consumer = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { munchkinId, messageId, activities } = JSON.parse(Buffer.concat(chunks).toString()) as {
          munchkinId: string;
          messageId: string;
          activities: { leadId: number }[];
        };
        const { authorization } = request.headers;
        const ids = activities.map(({ leadId }) => leadId);
        const push = { at: clock.now() - start, authorization, munchkinId, messageId, ids };
        pushes.push(push);
        const status = answer(push);
        if (status !== undefined) response.writeHead(status).end();
      });
    });
    idp = new IdentityProvider({ client: CLIENT, resource: CLIENT, audience: 'us', tokens: 'opaque', clock });
    await idp.listen('127.0.0.1', 0);
    pusher = pusherWith({ credentials: { tokenUrl: idp.tokenUrl, ...CLIENT } });
  });
  afterEach(async () => {
    await Promise.all([pusher.close(), consumer.close(), idp.close()]);
  });

  function pusherWith(options: Partial<PusherOptions>): MarketoPusher {
    const credentials = { token: 'push-token' };
    return new MarketoPusher({
      url: consumer.origin,
      munchkinId: '123-ABC-456',
      credentials,
      clock,
      ...options,
    });
  }

  const activities = (count: number) => Array.from({ length: count }, (_, leadId) => ({ leadId }));

  /** Walks the clock over everything that is due until then. */
  async function walk(duration: number): Promise<void> {
    const end = clock.now() + duration;
    while (pusher.nextDueAt <= end) {
      clock.at = Math.max(clock.at, pusher.nextDueAt);
      await pusher.step();
    }
    clock.at = end;
  }

  const minutes = () => pushes.map(({ at }) => at / MINUTE);
  const noted = () => pusher.notes.all().map(({ at, what }) => `${what} ${(at - start) / MINUTE}`);

  it('pushes every two seconds, at most 500 together', async () => {
    pusher.enqueue(...activities(1_100));
    await walk(10_000);
    expect(pushes.map(({ at, ids }) => [at, ids.length])).toEqual([
      [0, 500],
      [2_000, 500],
      [4_000, 100],
    ]);
    expect(pusher.waiting).toBe(0);
  });

  it('gets one token for an hour, and another when that is over', async () => {
    for (let hour = 0; hour < 3; hour += 1) {
      pusher.enqueue(...activities(2));
      await walk(60 * MINUTE);
    }
    expect(idp.asked('token')).toBe(3);
    expect(new Set(pushes.map(({ authorization }) => authorization)).size).toBe(3);
    expect(pushes[0]?.authorization).toMatch(/^Bearer \S+$/);
  });

  it('gets another token after a 401', async () => {
    let refused: string | undefined;
    answer = ({ authorization }) => ((refused ??= authorization) === authorization ? 401 : 200);
    pusher.enqueue(...activities(1));
    await walk(1_000);
    expect([idp.asked('token'), noted()]).toEqual([2, ['delivered 0']]);
  });

  it('tries three times more, is paused, tries every three minutes, and goes on where it was', async () => {
    answer = () => (clock.now() - start < 16 * MINUTE ? 503 : 200);
    pusher.enqueue(...activities(700));
    await walk(10 * MINUTE);
    expect(pusher.paused).toBe(true);
    await walk(20 * MINUTE);
    expect(minutes().slice(0, 7)).toEqual([0, 3, 6, 9, 12, 15, 18]);
    expect(new Set(pushes.slice(0, 7).map(({ messageId }) => messageId)).size).toBe(1);
    expect(noted().filter((note) => !note.startsWith('failed'))).toEqual([
      'paused 9',
      'delivered 18',
      'resumed 18',
      `delivered ${18 + 2 / 60}`,
    ]);
    expect([pusher.paused, pusher.waiting]).toEqual([false, 0]);
  });

  it('counts no answer in time, and no token, as a failure', async () => {
    answer = () => undefined;
    pusher = pusherWith({ timeoutMs: 50 });
    pusher.enqueue(...activities(1));
    await walk(1_000);
    expect(noted()).toEqual(['failed 0']);
    idp.failNext({ httpStatus: 500 });
    pusher = pusherWith({ credentials: { tokenUrl: idp.tokenUrl, ...CLIENT } });
    pusher.enqueue(...activities(1));
    answer = () => 200;
    await walk(4 * MINUTE);
    expect(pusher.notes.all().map(({ what, detail }) => [what, detail])).toEqual([
      ['failed', 'no token: 500'],
      ['delivered', '1'],
    ]);
  });

  it('keeps what it could not deliver for seven days', async () => {
    answer = () => 503;
    pusher.enqueue(...activities(3));
    await walk(6 * DAY);
    pusher.enqueue(...activities(2));
    expect(pusher.waiting).toBe(5);
    await walk(1.5 * DAY);
    expect(pusher.waiting).toBe(2);
    answer = () => 200;
    await walk(10 * MINUTE);
    expect([pusher.waiting, pushes.at(-1)?.ids]).toEqual([0, [0, 1]]);
  });
});
