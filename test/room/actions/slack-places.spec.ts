import { SlackApi } from '../../../src/actions/slack/slack-api.js';
import { SlackDeleteAction } from '../../../src/actions/slack/slack-delete.action.js';
import { SlackAction } from '../../../src/actions/slack/slack.action.js';
import { slackSchema } from '../../../src/actions/slack/slack.params.js';
import type { GivenAnswer, SentRequest } from '../../../src/contracts/attempt.js';
import { systemClock } from '../../../src/contracts/clock.js';
import type { Effect } from '../../../src/contracts/effect.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { ExclusiveTurns } from '../../../src/delivery/exclusive-turns.js';
import { HttpClient } from '../../../src/http/http-client.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { SlackStandIn } from '../../../src/sandbox/slack-stand-in.js';
import { Locks } from '../../../src/state/locks.js';
import { MessagePlaces, PLACE_KEEP_MS } from '../../../src/state/message-places.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

describe('messages for Slack that belong together', () => {
  const http = new HttpClient();
  const slack = new SlackStandIn({ webhookToken: 'hook-token', botToken: 'xoxb-test' });
  const api = new SlackApi(http, systemClock);
  let redis: RedisForTest;
  let connections: RedisConnections;
  let action: SlackAction;

  beforeAll(async () => {
    await slack.listen('127.0.0.1', 0);
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    action = new SlackAction(api, new MessagePlaces(connections));
  });
  beforeEach(async () => {
    slack.clear();
    await connections.forWorkers().flushall();
  });
  afterAll(async () => {
    await http.close();
    await slack.close();
    await connections.close();
    await redis.stop();
  });

  const send = (params: JsonObject) =>
    action.send(attemptAt(slack.bot(), effectOf('slack', { to: 'there', text: 'a', ...params })));
  const sent = () => slack.messages.all().map(({ via, payload: { thread_ts } }) => [via, thread_ts]);

  it('share a thread, key by key and channel by channel', async () => {
    const first = await send({ thread: 'lead 7' });
    const reply = await send({ thread: 'lead 7' });
    await send({ thread: 'lead 8' });
    await send({ thread: 'lead 7', channel: '#sales' });
    const ts = first.data?.['ts'];
    expect(sent()).toEqual([
      ['chat.postMessage', undefined],
      ['chat.postMessage', ts],
      ['chat.postMessage', undefined],
      ['chat.postMessage', undefined],
    ]);
    expect(reply.summary).toMatch(new RegExp(` in the thread ${String(ts)}$`));
  });

  it('show replies in the channel too when they should', async () => {
    await send({ thread: 'lead 7' });
    await send({ thread: 'lead 7', broadcast: true });
    await send({ thread: 'lead 7' });
    const shown = slack.messages.all().map(({ payload }) => payload['reply_broadcast']);
    expect(shown).toEqual([undefined, true, false]);
  });

  it('take the place of one another, blocks and all', async () => {
    const blocks = [{ type: 'header', text: { type: 'plain_text', text: 'Import' } }];
    const first = await send({ update: 'import', blocks });
    const second = await send({ update: 'import', text: 'Done.' });
    expect(slack.messages.all().map(({ via, ts, payload }) => [via, ts, payload['blocks']])).toEqual([
      ['chat.postMessage', first.data?.['ts'], blocks],
      // Left out, the old ones would stay.
      ['chat.update', first.data?.['ts'], []],
    ]);
    expect(slack.messages.last?.payload).toMatchObject({ channel: first.data?.['channel'], parse: 'none' });
    expect(second).toMatchObject({
      summary: `replaced the message ${String(first.data?.['ts'])} in #ops`,
      data: { ...first.data, replaced: true },
    });
  });

  it('keep one state in a thread', async () => {
    await send({ thread: 'lead 7' });
    await send({ thread: 'lead 7', update: 'score' });
    await send({ thread: 'lead 7', update: 'score' });
    const [first] = slack.messages.all();
    expect(sent()).toEqual([
      ['chat.postMessage', undefined],
      ['chat.postMessage', first?.ts],
      ['chat.update', undefined],
    ]);
  });

  it.each(['thread', 'update'])('begin anew when the message of an "%s" is gone', async (use) => {
    const { data } = await send({ [use]: 'k' });
    const standing = slack.channels.find(data?.['channel'], data?.['ts']);
    if (standing !== undefined) slack.channels.remove(standing);
    await send({ [use]: 'k' });
    const { data: third } = await send({ [use]: 'k' });
    const [, second, last] = slack.messages.all();
    expect(second).toMatchObject({ via: 'chat.postMessage' });
    expect(second?.payload).not.toHaveProperty('thread_ts');
    expect(use === 'thread' ? last?.payload['thread_ts'] : third?.['ts']).toBe(second?.ts);
  });

  it.each(['cant_update_message', 'edit_window_closed'])('post anew after %s', async (error) => {
    await send({ update: 'import' });
    slack.failNext({ httpStatus: 200, body: JSON.stringify({ ok: false, error }), path: 'chat.update' });
    await send({ update: 'import' });
    expect(sent().map(([via]) => via)).toEqual(['chat.postMessage', 'chat.postMessage']);
  });

  it('fail for other reasons without another try', async () => {
    await send({ update: 'import' });
    slack.failNext({ httpStatus: 200, body: '{"ok":false,"error":"is_inactive"}', path: 'chat.update' });
    expect(await failureOf(send({ update: 'import' }))).toMatchObject({ code: 'slack.is_inactive' });
    expect(slack.messages.size).toBe(1);
  });

  it('are cut to what an update takes', async () => {
    await send({ update: 'import' });
    const { skipped } = await send({ update: 'import', text: 'x'.repeat(4_001) });
    expect(skipped).toEqual(['text cut from 4001 to 4000 characters']);
    expect(slack.refused.size).toBe(0);
  });

  it('are forgotten thirty days after the last', async () => {
    await send({ thread: 'lead 7' });
    const raw = connections.forWorkers();
    const [key = ''] = await raw.keys('*');
    expect(key).toMatch(/^\{signalman\}:place:[\w-]{43}$/);
    await raw.pexpire(key, 1_000);
    await send({ thread: 'lead 7' });
    expect(await raw.pttl(key)).toBeGreaterThan(PLACE_KEEP_MS - 60_000);
  });

  it('make one thread though the first of them come at once', async () => {
    const turns = new ExclusiveTurns(new Locks(connections));
    const effects = ['e1', 'e2', 'e3'].map((id) =>
      effectOf('slack', { to: 'there', text: id, thread: 'lead 7' }, { id }),
    );
    const deliver = (effect: Effect) =>
      // Whoever does not have the turn is postponed, and comes again.
      eventually(() =>
        turns.during({ effect, key: action.exclusiveKey(effect), leaseMs: 5_000, uncertain: false }, () =>
          action.send(attemptAt(slack.bot(), effect)),
        ),
      );
    await Promise.all(effects.map(deliver));
    const [first] = slack.messages.all();
    expect(sent().map(([, thread]) => thread)).toEqual([undefined, first?.ts, first?.ts]);
  });

  it('take turns by their key', () => {
    const keyOf = (params: JsonObject) => action.exclusiveKey(effectOf('slack', { to: 'there', ...params }));
    expect(keyOf({ thread: 'a' })).toBe(keyOf({ thread: 'a', text: 'another' }));
    expect(new Set([{ thread: 'a' }, { thread: 'b' }, { update: 'a' }].map(keyOf)).size).toBe(3);
    expect(keyOf({ text: 'a' })).toBeUndefined();
  });

  it('keep the pace of their channel, which a webhook leaves to its lane', () => {
    const pacesOf = (params: JsonObject, destination = slack.bot()) =>
      action.paces(effectOf('slack', { to: 'there', text: 'a', ...params }, {}), destination);
    expect(pacesOf({})).toEqual([{ key: 'channel/ops', everyMs: 1_000, burst: 1 }]);
    expect(pacesOf({ channel: 'Sales' })).toMatchObject([{ key: 'channel/sales' }]);
    expect(pacesOf({}, slack.webhook())).toEqual([]);
    expect(pacesOf({}, { ...slack.bot(), ...slack.webhook() })).toEqual([]);
  });

  it('can be deleted, once', async () => {
    const { data = {} } = await send({});
    const taken = slackSchema.takeBack?.({ params: { to: 'there' }, data });
    expect(taken).toEqual({ type: 'slack.delete', params: { to: 'there', ...data } });
    const remove = () =>
      new SlackDeleteAction(api).send(
        attemptAt(slack.bot(), effectOf('slack.delete', { to: 'there', ...data })),
      );
    expect((await remove()).summary).toMatch(/^deleted the message /);
    expect(slack.channels.find(data['channel'], data['ts'])).toBeUndefined();
    expect(await remove()).toMatchObject({ already: true });
  });

  it('cannot be had back from a webhook, nor from under another', () => {
    expect(slackSchema.takeBack?.({ params: {} })).toHaveProperty('cannot');
    const replaced = { channel: 'C1', ts: '1.0', replaced: true };
    expect(slackSchema.takeBack?.({ params: {}, data: replaced })).toHaveProperty('cannot');
  });
});

describe('what is told of a request to Slack', () => {
  it('has no secret in it', async () => {
    const http = new HttpClient();
    const slack = new SlackStandIn({ webhookToken: 'hook-token', botToken: 'xoxb-test' });
    await slack.listen('127.0.0.1', 0);
    const told: (SentRequest | GivenAnswer)[] = [];
    const trace = {
      sent: (request: SentRequest) => void told.push(request),
      answered: (answer: GivenAnswer) => void told.push(answer),
    };
    const action = new SlackAction(new SlackApi(http, systemClock), {
      find: () => Promise.reject(new Error('nothing is looked for')),
      keep: () => Promise.reject(new Error('nothing is kept')),
    });
    const hello = effectOf('slack', { to: 'there', text: 'Hello' });
    await action.send(attemptAt(slack.webhook(), hello, 5_000, trace));
    await action.send(attemptAt(slack.bot(), hello, 5_000, trace));
    await http.close();
    await slack.close();
    expect(told).toMatchObject([
      { method: 'POST', target: expect.stringMatching(/^http:\/\/127.0.0.1:\d+\/\*\*\*$/) as string },
      { status: 200, text: 'ok' },
      {
        method: 'POST',
        target: expect.stringMatching(/\/api\/chat\.postMessage$/) as string,
        body: '{"channel":"#ops","text":"Hello","unfurl_links":false,"unfurl_media":false}',
      },
      { status: 200, text: expect.stringContaining('"ok":true') as string },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/hook-token|xoxb-test|B0SANDBOX/);
  });
});
