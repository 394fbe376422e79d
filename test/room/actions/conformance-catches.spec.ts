import { conformanceOf } from '../../../src/actions/conformance.js';
import type { CheckName } from '../../../src/actions/conformance-target.js';
import { pluginSubject } from '../../../src/actions/plugin-subject.js';
import type { Plugin } from '../../../src/actions/plugin.js';
import { httpPluginTarget } from '../../../src/cli/plugin/http-plugin-target.js';
import { systemClock } from '../../../src/contracts/clock.js';
import { errorDetails } from '../../../src/contracts/error-details.js';
import { HttpClient } from '../../../src/http/http-client.js';

type Send = Plugin['send'];

const PARAMS = {
  type: 'object',
  properties: { text: { type: 'string', description: 'What is said.' } },
  required: ['text'],
};

const urlOf = ({ connection }: Parameters<Send>[0]): string => (connection as { url: string }).url;

/** A plug-in that is in order, but for what a test changes. */
function pluginOf(changes: Partial<Plugin>): Plugin {
  return {
    type: 'acme.pager',
    description: 'Calls somebody.',
    params: PARAMS,
    connection: {
      type: 'object',
      properties: {
        url: { type: 'string', description: 'Where.' },
        pass: { type: 'string', secret: true, description: 'The word.' },
      },
    },
    repeatable: true,
    timeoutMs: 5_000,
    examples: {
      params: { text: 'hello there' },
      connection: { url: 'https://acme.example/call', pass: 'a-password' },
    },
    send,
    ...changes,
  };
}

const post: (...given: Parameters<Send>) => ReturnType<Parameters<Send>[1]['http']['send']> = async (
  attempt,
  { http },
) =>
  await http.send({
    method: 'POST',
    url: urlOf(attempt),
    headers: { 'idempotency-key': attempt.effect.id },
    body: JSON.stringify(attempt.params),
  });

const send: Send = async (attempt, tools) => {
  const failure = tools.http.failureOf(await post(attempt, tools));
  if (failure) throw failure;
  return { summary: 'called' };
};

/** What the suite says of a plug-in: for each check that failed its sentence. */
async function faultsOf(plugin: Plugin): Promise<Partial<Record<CheckName, string>>> {
  const http = new HttpClient();
  const { target, close } = await httpPluginTarget(plugin);
  const faults: Partial<Record<CheckName, string>> = {};
  for (const { name, exempt, run } of conformanceOf(pluginSubject(plugin, http, systemClock), target)) {
    if (exempt !== undefined) continue;
    await run().catch((error: unknown) => {
      faults[name] = errorDetails(error).message;
    });
  }
  await http.close();
  await close();
  return faults;
}

describe('the conformance suite', () => {
  it('finds nothing in a plug-in that is in order', async () => {
    expect(await faultsOf(pluginOf({}))).toEqual({});
  });

  it.each<[string, Partial<Plugin>, Partial<Record<CheckName, string>>]>([
    [
      'sends twice',
      {
        send: async (attempt, tools) => {
          const receipt = await send(attempt, tools);
          await post(attempt, tools);
          return receipt;
        },
      },
      {
        'sends an effect once, whole': 'the target took 2 requests for one effect',
        'does no harm with texts that others wrote': 'the target took 2 requests for one effect',
      },
    ],
    [
      'loses what it should send',
      { send: (attempt, tools) => send({ ...attempt, params: {} }, tools) },
      { 'sends an effect once, whole': 'the target never got "hello there"' },
    ],
    [
      'takes every answer for a good one',
      {
        send: async (attempt, tools) => {
          await post(attempt, tools);
          return { summary: 'called' };
        },
      },
      {
        'tries again when the target failed': 'it was done ("called") where it should have failed',
        'comes back when the target asks it to': 'it was done ("called") where it should have failed',
        'gives up, with a sentence, what the target refuses for good':
          'it was done ("called") where it should have failed',
      },
    ],
    [
      'gives up at once',
      {
        send: (attempt, tools) =>
          send(attempt, tools).catch(() => Promise.reject(tools.permanent('acme.failed', 'It did not work'))),
      },
      {
        'tries again, and claims nothing, when nobody listens': 'it asks for "never" where',
        'gives up in time on a target that hangs, and does not know the outcome': '',
        'does not know the outcome when the connection is lost': '',
        'tries again when the target failed': '',
        'comes back when the target asks it to': '',
      },
    ],
    [
      'claims to know what it cannot',
      {
        send: (attempt, tools) =>
          send(attempt, tools).catch((error: unknown) =>
            Promise.reject(tools.transient('acme.failed', errorDetails(error).message)),
          ),
      },
      {
        'gives up in time on a target that hangs, and does not know the outcome':
          'its outcome is known where it must be unknown',
        'does not know the outcome when the connection is lost': '',
        'comes back when the target asks it to': '',
        'gives up, with a sentence, what the target refuses for good': '',
      },
    ],
    [
      'keeps the id of the effect to itself',
      {
        send: (attempt, tools) =>
          send({ ...attempt, effect: { ...attempt.effect, id: `${Math.random()}` } }, tools),
      },
      { 'makes repeats that the target recognises': 'pass the id of the effect on' },
    ],
    [
      'stumbles over texts',
      {
        send: (attempt, tools) => {
          encodeURIComponent((attempt.params as { text: string }).text);
          return send(attempt, tools);
        },
      },
      { 'does no harm with texts that others wrote': 'URI malformed' },
    ],
    [
      'goes by ways of its own and tells nobody',
      {
        send: async (attempt, tools) => {
          const { params, effect, signal } = attempt;
          const body = JSON.stringify({ ...params, id: effect.id });
          const { status, headers } = await fetch(urlOf(attempt), {
            method: 'POST',
            body,
            signal,
          });
          const failure = tools.http.failureOf({
            status,
            headers: Object.fromEntries(headers),
            body: '',
            complete: true,
          });
          if (failure) throw failure;
          return { summary: 'called' };
        },
      },
      {
        'tells what it sent and what it was answered': 'it does not tell what it sends',
        'tries again, and claims nothing, when nobody listens': 'its outcome is unknown where',
      },
    ],
  ])('finds that a plug-in %s', async (_what, changes, faults) => {
    const found = await faultsOf(pluginOf(changes));
    expect(Object.keys(found).sort()).toEqual(Object.keys(faults).sort());
    for (const [name, part] of Object.entries(faults)) expect(found[name as CheckName]).toContain(part);
  });
});
