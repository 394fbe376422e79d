import type { Clock } from '../../../src/contracts/clock.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { IdentityProvider } from '../../support/identity-provider.js';
import { MarketoPusher } from '../../support/marketo-pusher.js';
import { MemoryStore, startDoor } from './door-app.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CLIENT = { clientId: 'marketo', clientSecret: 'client-secret' };
const INSTANCES = ['123-ABC-456', '456-DEF-789', '789-GHI-012'];

describe('an outage of two hours', () => {
  it('loses nothing that three Marketo instances push', async () => {
    const time = { at: Date.now() };
    const clock: Clock = { now: () => time.at };
    const idp = new IdentityProvider({ client: CLIENT, resource: CLIENT, audience: 'us', clock });
    await idp.listen('127.0.0.1', 0);
    const store = new MemoryStore();
    const sources = { push: { kind: 'marketo', oauth: idp.jwtCheck(), munchkinIds: INSTANCES } } as const;
    const door = await startDoor('http://127.0.0.1:1', { store }, { sources });
    const pushers = INSTANCES.map(
      (munchkinId) =>
        new MarketoPusher({
          url: `${door.origin}/ingest/marketo/push`,
          munchkinId,
          credentials: { tokenUrl: idp.tokenUrl, ...CLIENT },
          clock,
        }),
    );
    let made = 0;
    /** Every instance has a new activity every ten minutes; pushes happen when they are due. */
    const walk = async (duration: number): Promise<void> => {
      for (const end = time.at + duration; time.at < end; time.at += 10 * MINUTE) {
        const until = time.at + 10 * MINUTE;
        for (const pusher of pushers) {
          pusher.enqueue({ marketoGUID: `guid-${made++}`, leadId: 7 });
          const from = time.at;
          while (pusher.nextDueAt < until) {
            time.at = Math.max(from, pusher.nextDueAt);
            await pusher.step();
          }
          time.at = from;
        }
      }
    };

    await walk(HOUR);
    store.fail = true;
    await walk(2 * HOUR);
    expect(pushers.map(({ paused }) => paused)).toEqual([true, true, true]);
    store.fail = false;
    await walk(HOUR);

    const pushed = store.texts.map(
      (text) => JSON.parse(text) as { munchkinId: string; activities: JsonObject[] },
    );
    const arrived = pushed.flatMap(({ activities }) => activities.map((activity) => activity['marketoGUID']));
    expect(new Set(arrived)).toEqual(new Set(Array.from({ length: made }, (_, n) => `guid-${n}`)));
    expect(new Set(pushed.map(({ munchkinId }) => munchkinId))).toEqual(new Set(INSTANCES));
    for (const pusher of pushers) {
      const told = pusher.notes.all().map(({ what }) => what);
      expect(told.filter((what) => what === 'paused' || what === 'resumed')).toEqual(['paused', 'resumed']);
      expect([pusher.waiting, told.includes('dropped')]).toEqual([0, false]);
      // At most once in three minutes.
      expect(told.filter((what) => what === 'failed').length).toBeLessThanOrEqual(41);
    }
    await Promise.all([...pushers.map((pusher) => pusher.close()), door.app.close(), idp.close()]);
  });
});
