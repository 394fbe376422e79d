import { SlackStandIn } from '../../../src/sandbox/slack-stand-in.js';

let now: number;
let slack: SlackStandIn;

beforeEach(async () => {
  now = Date.parse('2026-05-04T10:00:00Z');
  slack = new SlackStandIn({ webhookToken: 'hook-token', botToken: 'xoxb-1' }, { now: () => now });
  await slack.listen('127.0.0.1', 0);
});

afterEach(() => slack.close());

async function hook(payload: unknown): Promise<[number, string]> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const response = await fetch(slack.webhook().webhookUrl ?? '', { method: 'POST', body });
  return [response.status, await response.text()];
}

async function postMessage(payload: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${slack.origin}/api/chat.postMessage`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      authorization: 'Bearer xoxb-1',
      ...headers,
    },
    body: JSON.stringify(payload),
  });
  return { response, answer: (await response.json()) as Record<string, unknown> };
}

function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

describe('the incoming webhook', () => {
  it('takes text and blocks, and keeps them', async () => {
    expect(await hook({ text: 'hello' })).toEqual([200, 'ok']);
    expect(await hook({ blocks: [section('a'), { type: 'divider' }] })).toEqual([200, 'ok']);
    const [first, second] = slack.messages.all();
    expect(first).toMatchObject({ via: 'webhook', channel: '#ops', text: 'hello' });
    expect(second?.blocks).toHaveLength(2);
  });

  it.each<[string, unknown, string]>([
    ['text that is not JSON', 'hello', 'invalid_payload'],
    ['JSON that is no object', [], 'invalid_payload'],
    ['no text', {}, 'no_text'],
    ['empty text', { text: '' }, 'no_text'],
    ['blocks that are no list', { text: 'a', blocks: {} }, 'invalid_blocks'],
    ['51 blocks', { blocks: Array.from({ length: 51 }, () => section('a')) }, 'invalid_blocks'],
    ['a section of 3,001 characters', { blocks: [section('x'.repeat(3_001))] }, 'invalid_blocks'],
    ['an empty section', { blocks: [section('')] }, 'invalid_blocks'],
    ['a block of no known type', { blocks: [{ type: 'marquee' }] }, 'invalid_blocks'],
    [
      'a header in mrkdwn',
      { blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'a' } }] },
      'invalid_blocks',
    ],
  ])('refuses %s as Slack does', async (_what, payload, error) => {
    expect(await hook(payload)).toEqual([400, error]);
    expect(slack.messages.size).toBe(0);
    expect(slack.refused.size).toBe(1);
  });

  it('takes 50 blocks and a section of 3,000 characters', async () => {
    expect(await hook({ blocks: Array.from({ length: 50 }, () => section('a')) })).toEqual([200, 'ok']);
    expect(await hook({ blocks: [section('x'.repeat(3_000))] })).toEqual([200, 'ok']);
  });

  it('does not know another path', async () => {
    const response = await fetch(`${slack.origin}/services/T1/B1/other`, {
      method: 'POST',
      body: '{"text":"a"}',
    });
    expect([response.status, await response.text()]).toEqual([404, 'no_service']);
  });

  it('holds senders to one message a second when told to', async () => {
    slack.limitRate = true;
    expect(await hook({ text: 'a' })).toEqual([200, 'ok']);
    now += 999;
    expect(await hook({ text: 'b' })).toEqual([429, 'rate_limited']);
    expect(slack.messages.size).toBe(1);
    now += 1;
    expect(await hook({ text: 'c' })).toEqual([200, 'ok']);
  });
});

describe('chat.postMessage', () => {
  it('takes a message and answers with its time stamp', async () => {
    const { answer } = await postMessage({ channel: 'C1', text: 'hello' });
    expect(answer).toMatchObject({ ok: true, channel: 'C1' });
    expect(answer['ts']).toMatch(/^\d{10}\.\d{6}$/);
    expect(slack.messages.last).toMatchObject({ via: 'chat.postMessage', channel: 'C1', text: 'hello' });
  });

  it.each<[string, unknown, Record<string, string>, string]>([
    ['another token', { channel: 'C1', text: 'a' }, { authorization: 'Bearer xoxb-2' }, 'invalid_auth'],
    ['no channel', { text: 'a' }, {}, 'channel_not_found'],
    ['an unknown channel', { channel: 'C404', text: 'a' }, {}, 'channel_not_found'],
    ['no text', { channel: 'C1' }, {}, 'no_text'],
    ['a form', { channel: 'C1', text: 'a' }, { 'content-type': 'text/plain' }, 'invalid_post_type'],
  ])('refuses %s inside a 200', async (_what, payload, headers, error) => {
    slack.missingChannels.add('C404');
    const { response, answer } = await postMessage(payload, headers);
    expect(response.status).toBe(200);
    expect(answer).toMatchObject({ ok: false, error });
    expect(slack.messages.size).toBe(0);
  });

  it('limits each channel for itself, and says how long to wait', async () => {
    slack.limitRate = true;
    expect((await postMessage({ channel: 'C1', text: 'a' })).response.status).toBe(200);
    const { response, answer } = await postMessage({ channel: 'C1', text: 'b' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
    expect(answer).toEqual({ ok: false, error: 'ratelimited' });
    expect((await postMessage({ channel: 'C2', text: 'c' })).response.status).toBe(200);
  });
});
