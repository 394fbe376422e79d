import { HttpClient } from '../../../src/http/http-client.js';
import { SlackApi } from '../../../src/actions/slack/slack-api.js';
import { SlackAction } from '../../../src/actions/slack/slack.action.js';
import { systemClock } from '../../../src/contracts/clock.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { SlackStandIn } from '../../../src/sandbox/slack-stand-in.js';
import { MessagePlaces } from '../../../src/state/message-places.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';
import { serve } from '../../support/http-server.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const NOW = Date.parse('2026-03-04T05:06:07Z');
const hello = effectOf('slack', { to: 'there', text: 'Hello &lt;!channel&gt;' });

describe('the slack action', () => {
  const http = new HttpClient();
  const slack = new SlackStandIn({ webhookToken: 'hook-token', botToken: 'xoxb-test' });
  let redis: RedisForTest;
  let connections: RedisConnections;
  let action: SlackAction;

  beforeAll(async () => {
    await slack.listen('127.0.0.1', 0);
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    action = new SlackAction(new SlackApi(http, { now: () => NOW }), new MessagePlaces(connections));
  });
  afterEach(() => {
    slack.clear();
    slack.missingChannels.clear();
  });
  afterAll(async () => {
    await http.close();
    await slack.close();
    await connections.close();
    await redis.stop();
  });

  it('posts through an incoming webhook, without unfurling', async () => {
    expect(await action.send(attemptAt(slack.webhook(), hello))).toEqual({ summary: 'posted' });
    expect(slack.messages.last).toMatchObject({
      via: 'webhook',
      payload: { text: 'Hello &lt;!channel&gt;', unfurl_links: false, unfurl_media: false },
    });
  });

  it('posts blocks with a bot token to the channel that the rule names', async () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*Hello*' } }];
    const effect = effectOf('slack', { to: 'there', blocks, channel: '#sales' });
    const receipt = await action.send(attemptAt(slack.bot(), effect));
    expect(receipt.summary).toMatch(/^posted to #sales as \d+\.\d+$/);
    expect(slack.messages.last).toMatchObject({ via: 'chat.postMessage', channel: '#sales', blocks });
  });

  it('posts to the channel of the connection otherwise', async () => {
    await action.send(attemptAt(slack.bot(), hello));
    expect(slack.messages.last).toMatchObject({ via: 'chat.postMessage', channel: '#ops' });
  });

  it('prefers the bot for a channel when the connection has both', async () => {
    const both = { ...slack.bot(), ...slack.webhook() };
    await action.send(attemptAt(both, effectOf('slack', { to: 'there', text: 'a', channel: '#sales' })));
    await action.send(attemptAt(both, hello));
    expect(slack.messages.all().map(({ via }) => via)).toEqual(['chat.postMessage', 'webhook']);
  });

  it('cuts what Slack would refuse as too long, and says so', async () => {
    const long = (n: number) => 'é'.repeat(n);
    const effect = effectOf('slack', {
      to: 'there',
      text: long(40_001),
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: long(151) } },
        { type: 'section', text: { type: 'mrkdwn', text: long(3_001) } },
        { type: 'section', fields: [{ type: 'mrkdwn', text: long(2_001) }] },
        { type: 'context', elements: [{ type: 'mrkdwn', text: long(3_000) }] },
      ],
    });
    const receipt = await action.send(attemptAt(slack.bot(), effect));
    expect(receipt.skipped).toEqual([
      'text cut from 40001 to 40000 characters',
      'blocks[0].text.text cut from 151 to 150 characters',
      'blocks[1].text.text cut from 3001 to 3000 characters',
      'blocks[2].fields[0].text cut from 2001 to 2000 characters',
    ]);
    expect(slack.messages.last?.text).toBe(`${long(39_999)}…`);
  });

  it.each([
    ['a webhook that is gone', 404, 'no_service', 'slack.no_service', 'backoff'],
    ['an archived channel', 410, 'channel_is_archived', 'slack.channel_is_archived', 'never'],
    ['a refusal in prose', 400, 'What was that?', 'http.400', 'never'],
    ['an error of Slack', 500, 'rollup_error', 'http.500', 'backoff'],
  ])('takes %s for what it is', async (_name, httpStatus, body, code, kind) => {
    slack.failNext({ httpStatus, body });
    const failure = await failureOf(action.send(attemptAt(slack.webhook(), hello)));
    expect(failure).toMatchObject({ code, retry: { kind } });
    expect(failure.message).not.toContain('hook-token');
  });

  it('waits as long as a rate limit says', async () => {
    slack.failNext({ httpStatus: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' });
    const failure = await failureOf(action.send(attemptAt(slack.webhook(), hello)));
    // The channel gets too much, Slack is well.
    expect(failure).toMatchObject({
      code: 'http.429',
      retry: { kind: 'at', at: NOW + 30_000 },
      destination: undefined,
    });
  });

  it.each([
    ['a revoked token', 200, JSON.stringify({ ok: false, error: 'token_revoked' }), 'slack.token_revoked'],
    [
      'a scope that is missing',
      200,
      JSON.stringify({ ok: false, error: 'missing_scope' }),
      'slack.missing_scope',
    ],
    ['a Slack in trouble', 500, '', 'http.500'],
  ])('says of %s that it is about the whole destination', async (_name, httpStatus, body, code) => {
    slack.failNext({ httpStatus, body });
    const failure = await failureOf(action.send(attemptAt(slack.bot(), hello)));
    expect(failure).toMatchObject({ code, destination: 'down' });
  });

  it('says of a channel that is not found that it is about this message alone', async () => {
    slack.missingChannels.add('#ops');
    const failure = await failureOf(action.send(attemptAt(slack.bot(), hello)));
    expect(failure).toMatchObject({ code: 'slack.channel_not_found', destination: undefined });
  });

  it('says which part of which block Slack did not like', async () => {
    const metadata = { messages: ['[ERROR] invalid url [json-pointer:/blocks/0/image_url]'] };
    const body = JSON.stringify({ ok: false, error: 'invalid_blocks', response_metadata: metadata });
    slack.failNext({ httpStatus: 200, body });
    const failure = await failureOf(action.send(attemptAt(slack.bot(), hello)));
    expect(failure.message).toBe(
      'Slack refused the message: invalid_blocks; [ERROR] invalid url [json-pointer:/blocks/0/image_url]',
    );
  });

  it.each([
    ['channel_not_found', 'never', false],
    ['invalid_auth', 'backoff', false],
    ['account_inactive', 'backoff', false],
    ['some_new_error', 'never', false],
    ['ratelimited', 'backoff', false],
    ['service_unavailable', 'backoff', false],
    ['internal_error', 'backoff', true],
    ['fatal_error', 'backoff', true],
  ])('finds %s inside a 200 of the Web API: %s', async (error, kind, outcomeUnknown) => {
    slack.failNext({ httpStatus: 200, body: JSON.stringify({ ok: false, error }) });
    const failure = await failureOf(action.send(attemptAt(slack.bot(), hello)));
    expect(failure).toMatchObject({ code: `slack.${error}`, retry: { kind }, outcomeUnknown });
  });

  it('is refused with a wrong token', async () => {
    const failure = await failureOf(action.send(attemptAt({ ...slack.bot(), botToken: 'wrong' }, hello)));
    expect(failure).toMatchObject({ code: 'slack.invalid_auth', retry: { kind: 'backoff' } });
  });

  it.each([
    ['hangs', { hang: true }, 'http.timeout'],
    ['cuts the connection', { reset: true, afterEffect: true }, 'http.lost'],
  ])('does not know the outcome when Slack %s', async (_name, fault, code) => {
    slack.failNext(fault);
    const failure = await failureOf(action.send(attemptAt(slack.webhook(), hello, 150)));
    expect(failure).toMatchObject({ code, retry: { kind: 'backoff' }, outcomeUnknown: true });
  });

  it('does not know the outcome when the answer of the Web API is cut in its middle', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"ok":true', () => response.destroy());
    });
    const cut = { ...slack.bot(), apiOrigin: server.origin };
    const elsewhere = new SlackAction(new SlackApi(http, systemClock), new MessagePlaces(connections));
    const failure = await failureOf(elsewhere.send(attemptAt(cut, hello)));
    await server.close();
    expect(failure).toMatchObject({ code: 'slack.unreadable', outcomeUnknown: true });
  });

  it.each([
    ['a channel for a webhook', { channel: '#sales' }, 'slack.needs_bot'],
    ['a thread for a webhook', { thread: 'lead 7' }, 'slack.needs_bot'],
    ['a state for a webhook', { update: 'import' }, 'slack.needs_bot'],
    ['an empty thread', { thread: '' }, 'params.invalid'],
    ['blocks that are no list', { blocks: 'x' }, 'params.invalid'],
  ])('refuses %s', async (_name, params, code) => {
    const effect = effectOf('slack', { to: 'there', text: 'a', ...params });
    const failure = await failureOf(action.send(attemptAt(slack.webhook(), effect)));
    expect(failure).toMatchObject({ code, retry: { kind: 'never' } });
  });

  it('refuses a connection without a webhook and without a token', async () => {
    const bare = { kind: 'slack', apiOrigin: slack.origin } as const;
    const failure = await failureOf(action.send(attemptAt(bare, hello)));
    expect(failure).toMatchObject({ code: 'slack.not_configured', retry: { kind: 'never' } });
  });
});
