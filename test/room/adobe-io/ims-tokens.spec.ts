import { failureOf } from '../../support/attempts.js';
import { serve } from '../../support/http-server.js';
import { type Adobe, startAdobe } from './adobe.js';

let adobe: Adobe;

beforeEach(async () => {
  adobe = await startAdobe();
});
afterEach(() => adobe.close());

const asked = (): number => adobe.standIn.requests.all().filter(({ method }) => method === 'POST').length;

it('asks once for all who need a token at the same time, and keeps it', async () => {
  const { tokens, account } = adobe;
  const all = await Promise.all(Array.from({ length: 10 }, () => tokens.get(account)));
  expect(new Set(all).size).toBe(1);
  expect(await tokens.get(account)).toBe(all[0]);
  expect(asked()).toBe(1);
});

it('renews a token shortly before it expires', async () => {
  const { tokens, account, pace } = adobe;
  const first = await tokens.get(account);
  pace.pass((86_399 - 301) * 1_000);
  expect(await tokens.get(account)).toBe(first);
  pace.pass(1_000);
  expect(await tokens.get(account)).not.toBe(first);
});

it('replaces a refused token once, however many had it', async () => {
  const { tokens, account } = adobe;
  const refused = await tokens.get(account);
  const [one, two] = await Promise.all([tokens.get(account, refused), tokens.get(account, refused)]);
  expect(one).toBe(two);
  expect(await tokens.get(account, refused)).toBe(one);
  expect(asked()).toBe(2);
});

it('says of a wrong secret what to do, without the secret', async () => {
  const { tokens, account } = adobe;
  const wrong = { ...account, ims: { ...account.ims, clientSecret: 'not-the-secret' } };
  const failure = await failureOf(tokens.get(wrong));
  expect(failure).toMatchObject({ code: 'adobe.credentials', retry: { kind: 'never' } });
  expect(failure.message).toContain('(invalid_client). Check clientId, clientSecret and scope');
  expect(failure.message).not.toContain('not-the-secret');
});

it.each([
  ['is ill', { httpStatus: 500 }, 'adobe.500', 'backoff'],
  ['throttles', { httpStatus: 429, headers: { 'retry-after': '30' } }, 'adobe.429', 'at'],
  ['answers with something else', { httpStatus: 200, body: '<html>' }, 'adobe.unreadable', 'backoff'],
  ['cuts the connection', { reset: true }, 'adobe.unreachable', 'backoff'],
])('may be asked again when the token service %s', async (_case, fault, code, kind) => {
  adobe.standIn.failNext(fault);
  expect(await failureOf(adobe.tokens.get(adobe.account))).toMatchObject({ code, retry: { kind } });
  await expect(adobe.tokens.get(adobe.account)).resolves.toEqual(expect.any(String));
});

it('takes in no answer without bounds, and follows no redirect', async () => {
  const elsewhere = await serve((_request, response) => {
    response.writeHead(200).end('{}');
  });
  const server = await serve((request, response) => {
    if (request.url === '/long') response.end('x'.repeat(100_000));
    else response.writeHead(302, { location: elsewhere.origin }).end();
  });
  const at = (path: string) => {
    const { account } = adobe;
    return { ...account, ims: { ...account.ims, tokenUrl: server.origin + path } };
  };
  expect((await failureOf(adobe.tokens.get(at('/long')))).message).toContain('longer than 65536 bytes');
  expect((await failureOf(adobe.tokens.get(at('/moved')))).code).toBe('adobe.302');
  await server.close();
  await elsewhere.close();
});
