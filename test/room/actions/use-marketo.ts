import { Redis } from 'ioredis';
import type { Attempt } from '../../../src/actions/action.js';
import type { Actions } from '../../../src/actions/actions.js';
import { systemClock } from '../../../src/contracts/clock.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { CallBudget } from '../../../src/marketo/call-budget.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { MarketoStandIn } from '../../../src/sandbox/marketo-stand-in.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';
import { openActions } from '../../support/open-actions.js';
import { startRedis } from '../../support/redis.js';

/** The senders to a stand-in of Marketo within a budget in a real Redis, for the tests of one file. */
export function useMarketo() {
  const marketo = new MarketoStandIn('123-ABC-456', { clientId: 'client', clientSecret: 's3cret' });
  let actions: Actions;
  let raw: Redis;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const redis = await startRedis({ durable: false });
    raw = new Redis(redis.url);
    const connections = new RedisConnections(redis.url);
    const opened = openActions(systemClock, undefined, new CallBudget(connections, systemClock));
    ({ actions } = opened);
    await marketo.listen('127.0.0.1', 0);
    marketo.limits.perWindow = Infinity;
    close = async () => {
      await opened.close();
      await connections.close();
      raw.disconnect();
      await marketo.close();
      await redis.stop();
    };
  });
  beforeEach(() => raw.flushall());
  afterEach(() => {
    expect(marketo.violations.all()).toEqual([]);
    marketo.clear();
  });
  afterAll(() => close());

  const action = (type: string) => actions.get(type);
  const attempt = (type: string, params: JsonObject): Attempt =>
    attemptAt(marketo.destination(), effectOf(type, params));
  const send = (type: string, params: JsonObject) => action(type).send(attempt(type, params));
  const refused = (type: string, params: JsonObject) => failureOf(send(type, params));
  const plan = async (type: string, params: JsonObject): Promise<JsonObject> => {
    const planned = await action(type).plan?.(attempt(type, params));
    if (planned === undefined) throw new Error('no plan');
    return planned;
  };
  const keyOf = (type: string, params: JsonObject, to = 'marketo') =>
    action(type).exclusiveKey?.(effectOf(type, params, { to }));
  return { marketo, action, attempt, send, refused, plan, keyOf };
}
