import { SignJWT } from 'jose';
import type { MarketoPushSource } from '../../../src/contracts/connections.js';
import { IdentityProvider, type IdentityProviderOptions } from '../../support/identity-provider.js';
import { type DoorApp, MemoryStore, PAIRS, startDoor } from './door-app.js';

const CLIENT = { clientId: 'marketo', clientSecret: 'client-secret' };
const RESOURCE = { clientId: 'signal man', clientSecret: 'p:ss+wörd%' };
const AUDIENCE = 'https://signalman.acme.example';
const BODY = JSON.stringify({ munchkinId: '123-ABC-456', activities: [] });

let store: MemoryStore;
let door: DoorApp;
let idp: IdentityProvider;

/** A door with one push source that believes this identity provider. */
async function start(
  tokens: NonNullable<IdentityProviderOptions['tokens']>,
  more: Partial<MarketoPushSource> = {},
): Promise<void> {
  idp = new IdentityProvider({ client: CLIENT, resource: RESOURCE, audience: AUDIENCE, tokens });
  await idp.listen('127.0.0.1', 0);
  store = new MemoryStore();
  const oauth = tokens === 'jwt' ? idp.jwtCheck() : idp.introspectionCheck();
  const sources = { push: { kind: 'marketo', oauth, ...more } } as const;
  door = await startDoor('http://127.0.0.1:1', { store }, { sources });
}

afterEach(async () => {
  await Promise.all([door.app.close(), idp.close()]);
});

interface Answer {
  readonly status: number;
  readonly error?: string;
  readonly message?: string;
  readonly retryAfter: string | null;
}

async function push(token: string): Promise<Answer> {
  const response = await fetch(`${door.origin}/ingest/marketo/push`, {
    method: 'POST',
    body: BODY,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  const json = (await response.json()) as Partial<Answer>;
  return { ...json, status: response.status, retryAfter: response.headers.get('retry-after') };
}

describe('pushes with a JWT of the identity provider', () => {
  beforeEach(async () => {
    await start('jwt');
  });

  it('are taken with exactly 200, and the key set is fetched once for many', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => push(idp.issue())));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(store.texts).toEqual(answers.map(() => BODY));
    expect(idp.asked('keys')).toBe(1);
  });

  const seconds = (fromNow: number): number => Math.floor(Date.now() / 1_000) + fromNow;
  it.each([
    ['has expired', { exp: seconds(-120) }, 'exp'],
    ['has no end', { exp: undefined }, 'exp'],
    ['is for another audience', { aud: 'https://other.acme.example' }, 'aud'],
    ['is of another issuer', { iss: 'https://evil.example' }, 'iss'],
    ['is not yet good', { nbf: seconds(600) }, 'nbf'],
  ])('are refused with 401 when the token %s, naming the claim', async (_case, claims, named) => {
    const answer = await push(idp.issue(claims));
    expect([answer.status, answer.error]).toEqual([401, 'unauthorized']);
    expect(answer.message).toContain(named);
    expect(store.batches).toEqual([]);
  });

  it('are taken when the token expired within the minute that clocks may differ', async () => {
    expect((await push(idp.issue({ exp: seconds(-20) }))).status).toBe(200);
  });

  it('are refused with 401 when the token is forged', async () => {
    await push(idp.issue());
    const good = idp.issue();
    const [header = '', payload = '', signature = ''] = good.split('.');
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    const byAnother = new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid });
    const jwks = (await (await fetch(idp.jwtCheck().jwksUrl)).json()) as { keys: [{ n: string }] };
    const publicBytes = new TextEncoder().encode(jwks.keys[0].n);
    const byPublicKey = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid });
    const forged = [
      `${header}.${encode({ ...claims, sub: 'admin' })}.${signature}`,
      `${encode({ alg: 'none' })}.${payload}.`,
      `${header}.${payload}.`,
      await byAnother.sign(PAIRS[0].privateKey),
      await byPublicKey.sign(publicBytes),
      'not.a.token',
      'neither',
      'A'.repeat(9_000),
    ];
    for (const token of forged)
      expect([(await push(token)).status, token.slice(0, 20)]).toEqual([401, token.slice(0, 20)]);
    expect(store.batches).toHaveLength(1);
  });

  it('wait with 503 when a key is new, until the set may be asked again; one with a key that is gone is not taken', async () => {
    expect((await push(idp.issue())).status).toBe(200);
    const old = idp.issue();
    idp.rotate({ forget: true });
    const fresh = idp.issue();
    expect(await push(fresh)).toMatchObject({
      status: 503,
      retryAfter: expect.stringMatching(/^\d+$/) as string,
    });
    // Ten seconds after the last look it may look again.
    const realNow = Date.now;
    Date.now = () => realNow() + 11_000;
    try {
      expect((await push(fresh)).status).toBe(200);
    } finally {
      Date.now = realNow;
    }
    expect((await push(old)).status).not.toBe(200);
    expect(idp.asked('keys')).toBe(2);
  });

  it.each([
    ['is down', { reset: true }],
    ['is ill', { httpStatus: 500 }],
    ['answers with nonsense', { httpStatus: 200, body: '<html>' }],
    ['answers with no key set', { httpStatus: 200, body: '{"keys":7}' }],
    ['redirects', { httpStatus: 302, headers: { location: 'https://evil.example/jwks.json' } }],
    ['answers without end', { httpStatus: 200, body: ' '.repeat(1_000_000) }],
  ])(
    'wait with 503 and Retry-After while the identity provider %s, and are taken after',
    async (_case, fault) => {
      idp.failNext({ ...fault, path: 'jwks', times: Infinity });
      const answer = await push(idp.issue());
      expect([answer.status, answer.error]).toEqual([503, 'identity_provider_unavailable']);
      expect(answer.retryAfter).toMatch(/^\d+$/);
      expect(store.batches).toEqual([]);
      idp.recover();
      expect((await push(idp.issue())).status).toBe(200);
    },
  );
});

describe('pushes with a token that only the identity provider can read', () => {
  it('are taken, and a token is asked about once however often it comes', async () => {
    await start('opaque');
    const token = idp.issue();
    const answers = await Promise.all(Array.from({ length: 20 }, () => push(token)));
    expect((await push(token)).status).toBe(200);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(idp.asked('introspect')).toBe(1);
  });

  it('are refused with 401 when it says no, and it is not asked again at once', async () => {
    await start('opaque');
    for (let i = 0; i < 3; i += 1) expect((await push('made-up')).status).toBe(401);
    expect(idp.asked('introspect')).toBe(1);
    expect(await push(idp.issue({ aud: ['another'] }))).toMatchObject({
      status: 401,
      message: expect.stringContaining('audience') as string,
    });
    expect((await push(idp.issue({ aud: ['another', AUDIENCE] }))).status).toBe(200);
    expect(store.batches).toHaveLength(1);
  });

  it('are not believed a moment longer than the token lives, nor for more than a minute', async () => {
    await start('opaque');
    const [short, long] = [idp.issue(), idp.issue()];
    idp.failNext({
      httpStatus: 200,
      body: JSON.stringify({ active: true, aud: AUDIENCE, exp: Date.now() / 1_000 + 2 }),
    });
    expect((await push(short)).status).toBe(200);
    expect((await push(long)).status).toBe(200);
    idp.revokeAll();
    const realNow = performance.now.bind(performance);
    try {
      performance.now = () => realNow() + 3_000;
      expect((await push(short)).status).toBe(401);
      expect((await push(long)).status).toBe(200);
      performance.now = () => realNow() + 61_000;
      expect((await push(long)).status).toBe(401);
    } finally {
      performance.now = realNow;
    }
  });

  it.each([
    ['is down', { reset: true }],
    ['is ill', { httpStatus: 500 }],
    ['refuses our own secret', { httpStatus: 401 }],
    ['says neither yes nor no', { httpStatus: 200, body: '{}' }],
    ['answers with nonsense', { httpStatus: 200, body: 'yes' }],
  ])('wait with 503 and Retry-After while it %s', async (_case, fault) => {
    await start('opaque');
    idp.failNext({ ...fault, path: 'introspect', times: Infinity });
    const token = idp.issue();
    const answer = await push(token);
    expect([answer.status, answer.error]).toEqual([503, 'identity_provider_unavailable']);
    expect(answer.retryAfter).toMatch(/^\d+$/);
  });

  it('are taken for a known token while strangers make tokens up, of which few are asked about', async () => {
    await start('opaque');
    const token = idp.issue();
    expect((await push(token)).status).toBe(200);
    const made = await Promise.all(Array.from({ length: 200 }, (_, n) => push(`made-up-${n}`)));
    expect(made.filter(({ status }) => status === 200)).toEqual([]);
    expect(idp.asked('introspect')).toBeLessThan(40);
    expect((await push(token)).status).toBe(200);
    expect(store.batches).toHaveLength(2);
  });
});

describe('a push source', () => {
  it('takes its API token beside tokens of the identity provider', async () => {
    await start('jwt', { token: 'push-token' });
    expect((await push('push-token')).status).toBe(200);
    expect(idp.requests.size).toBe(0);
  });

  it('takes everybody only when it says that it is insecure', async () => {
    await start('jwt', { insecure: true });
    expect((await push('anything')).status).toBe(200);
  });
});
