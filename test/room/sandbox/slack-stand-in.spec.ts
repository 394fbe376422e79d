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

const postMessage = (payload: unknown, headers: Record<string, string> = {}) =>
  call('chat.postMessage', payload, headers);

async function call(method: string, payload: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${slack.origin}/api/${method}`, {
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

describe('messages that stand in a channel', () => {
  const post = async (more: object = {}) =>
    (await postMessage({ channel: '#ops', text: 'a', ...more })).answer;

  it('are named by the id of their channel, whatever name was used', async () => {
    const [byName, bare] = [await post(), await post({ channel: 'ops' })];
    expect(byName['channel']).toMatch(/^C[0-9A-F]{8}$/);
    expect(bare['channel']).toBe(byName['channel']);
  });

  it('are updated where they stand, with 4,000 characters at most', async () => {
    const { channel, ts } = await post();
    expect((await call('chat.update', { channel, ts, text: 'b' })).answer).toMatchObject({
      ok: true,
      channel,
      ts,
    });
    expect(slack.messages.last).toMatchObject({ via: 'chat.update', ts, text: 'b' });
    const long = await call('chat.update', { channel, ts, text: 'x'.repeat(4_001) });
    expect(long.answer).toMatchObject({ ok: false, error: 'msg_too_long' });
    // By its name a channel is not found here.
    const named = await call('chat.update', { channel: '#ops', ts, text: 'b' });
    expect(named.answer).toMatchObject({ ok: false, error: 'message_not_found' });
  });

  it('are deleted once, and then neither updated nor replied to', async () => {
    const { channel, ts } = await post();
    expect((await post({ thread_ts: ts }))['ok']).toBe(true);
    expect((await call('chat.delete', { channel, ts })).answer).toMatchObject({ ok: true });
    for (const method of ['chat.delete', 'chat.update']) {
      const { answer } = await call(method, { channel, ts, text: 'b' });
      expect(answer).toMatchObject({ ok: false, error: 'message_not_found' });
    }
    expect(await post({ thread_ts: ts })).toMatchObject({ ok: false, error: 'thread_not_found' });
  });
});

describe('blocks', () => {
  const cell = { type: 'raw_text', text: 'a' };
  const action = (action_id: string) => ({
    type: 'button',
    action_id,
    text: { type: 'plain_text', text: 'Open' },
  });

  it.each<[string, object[], string]>([
    ['an unknown member', [{ type: 'divider', color: 'red' }], 'invalid additional property: color'],
    [
      'a member that is missing',
      [{ type: 'image', image_url: 'https://a.example/b' }],
      'missing required field: alt_text',
    ],
    ['neither text nor fields', [{ type: 'section' }], 'missing one of text, fields'],
    ['a URL that is none', [{ type: 'image', image_url: 'a.png', alt_text: 'a' }], 'invalid url'],
    ['an input', [{ type: 'input', label: { type: 'plain_text', text: 'a' } }], 'unsupported type: input'],
    ['two tables', [1, 2].map(() => ({ type: 'table', rows: [[cell]] })), 'only_one_table_allowed'],
    [
      'an uneven data table',
      [{ type: 'data_table', caption: 'c', rows: [[cell], [cell, cell]] }],
      'rows must have',
    ],
    [
      'an id that is there twice',
      [{ type: 'actions', elements: [action('a'), action('a')] }],
      '`action_id` already exists',
    ],
    [
      '26 buttons',
      [{ type: 'actions', elements: Array.from({ length: 26 }, (_, i) => action(`a${i}`)) }],
      'no more than 25 items',
    ],
    [
      'too much markdown',
      [1, 2].map(() => ({ type: 'markdown', text: 'x'.repeat(6_001) })),
      'markdown blocks',
    ],
    [
      'a broadcast to nobody',
      [
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'all' }] }],
        },
      ],
      'must be one of here',
    ],
  ])('with %s are refused', async (_what, blocks, words) => {
    const { answer } = await postMessage({ channel: 'C1', blocks });
    expect(answer).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(JSON.stringify(answer['response_metadata'])).toContain(words);
  });
});
