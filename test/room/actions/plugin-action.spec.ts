import fc from 'fast-check';
import { pluginConnection } from '../../../src/actions/plugin-subject.js';
import type { Plugin } from '../../../src/actions/plugin.js';
import { hideSecrets } from '../../../src/actions/common/hide-secrets.js';
import { PluginAction } from '../../../src/actions/plugins/plugin-action.js';
import type { GivenAnswer, SentRequest } from '../../../src/contracts/attempt.js';
import { systemClock } from '../../../src/contracts/clock.js';
import { HttpClient } from '../../../src/http/http-client.js';
import { HttpTarget } from '../../../src/sandbox/http-target.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';

const SECRET = 'a secret/that "nobody" may see';

describe('an action that a plug-in sends', () => {
  const http = new HttpClient();
  const server = new HttpTarget({ body: `you are ${SECRET}` });
  beforeAll(() => server.listen('127.0.0.1', 0));
  afterEach(() => {
    server.clear();
  });
  afterAll(async () => {
    await http.close();
    await server.close();
  });

  const told: (SentRequest | GivenAnswer)[] = [];
  const trace = {
    sent: (each: SentRequest) => told.push(each),
    answered: (each: GivenAnswer) => told.push(each),
  };
  beforeEach(() => {
    told.length = 0;
  });

  function pluginOf(send: Plugin['send']): Plugin {
    const text = { type: 'string', description: 'A text.' };
    return {
      type: 'acme.pager',
      description: 'Calls somebody.',
      params: { type: 'object', properties: { text }, required: ['text'] },
      connection: { type: 'object', properties: { url: text, pass: { ...text, secret: true } } },
      repeatable: false,
      timeoutMs: 1_000,
      examples: { params: { text: 't' }, connection: { url: 'u', pass: SECRET } },
      send,
    };
  }

  function trying(send: Plugin['send'], { params = { text: 'hello' }, timeoutMs = 5_000, open = true } = {}) {
    const plugin = pluginOf(send);
    const connection = {
      ...pluginConnection(plugin, { url: server.origin, pass: SECRET }),
      allowPrivateAddresses: open,
    };
    const effect = effectOf(plugin.type, { to: 'there', ...params });
    return new PluginAction(plugin, http, systemClock).send(attemptAt(connection, effect, timeoutMs, trace));
  }

  const post: Plugin['send'] = async ({ connection, params }, tools) => {
    const { url, pass } = connection as { url: string; pass: string };
    const answer = await tools.http.send({
      method: 'POST',
      url: `${url}/call?as=${encodeURIComponent(pass)}`,
      headers: {
        authorization: `Bearer ${Buffer.from(pass).toString('base64')}`,
        'x-pass': encodeURIComponent(pass),
      },
      body: JSON.stringify({ pass, ...params }),
    });
    const failure = tools.http.failureOf(answer);
    if (failure) throw failure;
    return { summary: `called as ${pass}\nand more`, skipped: [pass], data: { pass } };
  };

  it('is given parameters without "to", the connection whole, and who the effect is', async () => {
    let given: unknown;
    await trying((attempt) => {
      given = attempt;
      return Promise.resolve({ summary: 'sent' });
    });
    expect(given).toMatchObject({
      params: { text: 'hello' },
      connection: { url: server.origin, pass: SECRET },
      effect: {
        id: expect.any(String) as string,
        ruleId: 'leads/example',
        eventId: '123-ABC-456:1',
        decidedAt: '2026-03-04T05:06:07.000Z',
      },
    });
    expect((given as { params: object }).params).not.toHaveProperty('to');
  });

  it('tells of requests and receipts without what is secret', async () => {
    const receipt = await trying(post);
    expect(server.taken.last?.body.toString()).toContain(JSON.stringify(SECRET));
    expect(receipt).toEqual({ summary: 'called as *** and more', skipped: ['***'], data: { pass: '***' } });
    expect(told).toEqual([
      {
        method: 'POST',
        target: `${server.origin}/call?as=***`,
        headers: { 'user-agent': expect.any(String) as string, 'x-pass': '***' },
        body: '{"pass":"***","text":"hello"}',
      },
      { status: 200, text: 'you are ***' },
    ]);
  });

  it('tells of what goes by other ways without credentials, and no more of an answer than people see', async () => {
    const request = { method: 'SEND', target: 'pager://there' };
    await trying(({ trace: own }) => {
      const credential = Buffer.from(`me:${SECRET}`).toString('base64');
      own.sent({ ...request, headers: { Authorization: `Basic ${credential}`, 'X-Page': '1' } });
      own.answered({ text: `${SECRET}${'x'.repeat(1_000_000)}` });
      return Promise.resolve({ summary: 'sent' });
    });
    expect(told).toEqual([{ ...request, headers: { 'x-page': '1' } }, { text: `***${'x'.repeat(2_045)}` }]);
  });

  it('fails without what is secret, whatever is thrown', async () => {
    const loud = await failureOf(trying(() => Promise.reject(new Error(`not as ${SECRET}`))));
    expect(loud).toMatchObject({
      code: 'plugin.defect',
      message: 'The plug-in for acme.pager failed: not as ***',
      outcomeUnknown: true,
    });
    expect(loud.cause).toBeUndefined();
    const atOnce = await failureOf(
      trying(() => {
        throw new TypeError(SECRET);
      }),
    );
    expect(atOnce).toMatchObject({ code: 'plugin.defect', retry: { kind: 'backoff' }, outcomeUnknown: true });
    const said = await failureOf(
      trying((_attempt, tools) => Promise.reject(tools.permanent('acme.no', `${SECRET} is gone`))),
    );
    expect(said).toMatchObject({
      code: 'acme.no',
      message: '*** is gone',
      retry: { kind: 'never' },
      outcomeUnknown: false,
    });
    const later = await failureOf(
      trying((_attempt, tools) => Promise.reject(tools.retryAt('acme.later', 'in the morning', 7))),
    );
    expect(later.retry).toEqual({ kind: 'at', at: 7 });
  });

  it('ends when its time is up, though the plug-in never does', async () => {
    const failure = await failureOf(trying(() => new Promise(() => undefined), { timeoutMs: 50 }));
    expect(failure).toMatchObject({
      code: 'plugin.timeout',
      retry: { kind: 'backoff' },
      outcomeUnknown: true,
      destination: 'down',
    });
  });

  it('lets a plug-in that heeds its signal say how far it came', async () => {
    server.failNext({ hang: true });
    const failure = await failureOf(trying(post, { timeoutMs: 50 }));
    expect(failure).toMatchObject({ code: 'http.timeout', outcomeUnknown: true, destination: 'down' });
  });

  it('is done when the plug-in says so, though in words of its own', async () => {
    expect(await trying(() => Promise.resolve(undefined as never))).toEqual({ summary: 'done' });
    expect(await trying(() => Promise.resolve({ summary: 7, skipped: 'x', already: true } as never))).toEqual(
      {
        summary: 'done',
        already: true,
      },
    );
  });

  it('is refused with parameters that rendering has bent', async () => {
    const failure = await failureOf(trying(post, { params: { text: 7 as never } }));
    expect(failure).toMatchObject({ code: 'params.invalid', retry: { kind: 'never' } });
    expect(server.taken.size).toBe(0);
  });

  it('reaches no private address unless the connection allows it', async () => {
    const failure = await failureOf(trying(post, { open: false }));
    expect(failure).toMatchObject({ code: 'http.private_address', retry: { kind: 'never' } });
    expect(failure.message).toContain('set "allowPrivateAddresses": true in connection "there"');
    expect(server.requests.size).toBe(0);
  });
});

describe('hiding secrets', () => {
  it('leaves none, alone or in JSON or in a URL, wherever it stands', () => {
    const secret = fc.string({ unit: 'grapheme', minLength: 4, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.array(fc.string({ maxLength: 5 })),
        (secrets, around) => {
          const forms = secrets.flatMap((each) => [
            each,
            JSON.stringify(each).slice(1, -1),
            encodeURIComponent(each),
          ]);
          const hidden = hideSecrets(secrets)(around.concat(forms).join(' | '));
          // A secret of masks and bars would be found in what hides it.
          for (const form of forms.filter((each) => !/^[*| ]*$/.test(each)))
            expect(hidden).not.toContain(form);
        },
      ),
    );
  });

  it('leaves of a secret URL where it leads', () => {
    const hide = hideSecrets(['https://flows.acme.example/workflows/7/run?sig=geheim-geheim']);
    expect(hide('to https://flows.acme.example/workflows/7/run?sig=geheim-geheim&v=1')).toBe(
      'to https://flows.acme.example/***&v=1',
    );
    expect(hide('/workflows/7/run with geheim-geheim')).toBe('*** with ***');
  });
});
