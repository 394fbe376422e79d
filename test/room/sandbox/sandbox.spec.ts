import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { startSandbox } from '../../../src/sandbox/sandbox.js';
import { noteAppUrl, readSandboxFile } from '../../../src/sandbox/sandbox-file.js';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sandbox-'));
});

afterEach(() => rm(dataDir, { recursive: true }));

/** Every address that leads to a stand-in. */
function origins({
  slack,
  receiver,
  marketo,
  adobeKeys,
}: Awaited<ReturnType<typeof startSandbox>>): string[] {
  return [slack.origin, receiver.origin, marketo.origin, adobeKeys.origin];
}

describe('startSandbox', () => {
  it('offers every connection that the shipped rules and examples name, on loopback', async () => {
    const sandbox = await startSandbox();
    const { sources, destinations } = sandbox.connections;
    expect(Object.entries(sources).map(([name, { kind }]) => [name, kind])).toEqual([
      ['marketo-io', 'adobe'],
      ['marketo-push', 'marketo'],
      ['crm', 'events'],
    ]);
    expect(Object.keys(destinations)).toEqual(['ops', 'ops-bot', 'oncall', 'receiver', 'marketo']);
    for (const url of JSON.stringify(sandbox.connections).match(/\w+:\/\/[^/"]+/g) ?? []) {
      expect(new URL(url).hostname).toBe('127.0.0.1');
    }
    expect(destinations['marketo']).toMatchObject({ dailyCalls: 50_000, lookUps: { perDay: 5_000 } });
    const all = origins(sandbox);
    await sandbox.close();
    for (const origin of all) await expect(fetch(origin)).rejects.toThrow('fetch failed');
  });

  it.each(['0.0.0.0', '::', '192.168.0.1', 'acme.example'])('does not listen on %s', async (host) => {
    await expect(startSandbox({ host })).rejects.toMatchObject({ code: 'sandbox.host' });
  });

  it('keeps its secrets over a restart, readable by their owner only', async () => {
    const first = await startSandbox({ dataDir });
    await first.close();
    const second = await startSandbox({ dataDir });
    await second.close();
    expect(second.adobe.clientId).toBe(first.adobe.clientId);
    expect(second.adobe.keys.map(({ path }) => path)).toEqual(first.adobe.keys.map(({ path }) => path));
    expect(second.connections.sources['crm']).toEqual(first.connections.sources['crm']);
    expect(second.receiver.secret).toBe(first.receiver.secret);
    expect(second.overviewUrl).toBe(first.overviewUrl);
    for (const file of await readdir(join(dataDir, 'sandbox'))) {
      expect((await stat(join(dataDir, 'sandbox', file))).mode & 0o077).toBe(0);
    }
  });

  it('shows its page on another port when somebody else has the one of before', async () => {
    const first = await startSandbox({ dataDir });
    await first.close();
    const { port } = new URL(first.overviewUrl);
    const other = createServer().listen(Number(port), '127.0.0.1');
    await once(other, 'listening');
    const second = await startSandbox({ dataDir });
    expect(second.overviewUrl).not.toBe(first.overviewUrl);
    expect((await fetch(second.overviewUrl)).status).toBe(200);
    await second.close();
    other.close();
  });

  it('has other secrets in another folder, and tells the command line where it runs', async () => {
    const [here, elsewhere] = await Promise.all([startSandbox({ dataDir }), startSandbox()]);
    expect(elsewhere.adobe.clientId).not.toBe(here.adobe.clientId);
    await noteAppUrl(dataDir, 'http://127.0.0.1:3111');
    const file = await readSandboxFile(dataDir);
    expect(file).toMatchObject({
      overviewUrl: here.overviewUrl,
      appUrl: 'http://127.0.0.1:3111',
      adobe: { clientId: here.adobe.clientId },
    });
    expect(file.connections.sources).toEqual(here.connections.sources);
    await Promise.all([here.close(), elsewhere.close()]);
    await expect(readSandboxFile(dataDir)).rejects.toMatchObject({ code: 'sandbox.missing' });
  });

  it('rejects when a port is taken, and leaves nothing listening', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const slack = (free.address() as AddressInfo).port;
    free.close();
    await expect(startSandbox({ ports: { marketo: port, slack } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await expect(startSandbox({ ports: { mail: port, slack } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await expect(fetch(`http://127.0.0.1:${slack}/`)).rejects.toThrow('fetch failed');
    other.close();
  });
});

describe('the overview', () => {
  it('shows what was received as text, never as markup', async () => {
    const sandbox = await startSandbox();
    const { webhookUrl = '' } = sandbox.slack.webhook();
    await fetch(webhookUrl, {
      method: 'POST',
      body: JSON.stringify({ text: '<script>alert("1")</script>' }),
    });
    const response = await fetch(sandbox.overviewUrl);
    const page = await response.text();
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(page).not.toContain('<script');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    await sandbox.close();
  });

  it('shows mails as people read them, and calls in the order in which they came', async () => {
    const sandbox = await startSandbox();
    const transport = createTransport(sandbox.mail.url);
    const mail = { from: 'a@acme.example', to: 'b@acme.example', subject: 'Grüße' };
    const line = 'Jürgen = “größer” '.repeat(20).trim();
    await transport.sendMail({ ...mail, text: `${line}\nEnd`, html: `<p>${line}</p>` });
    await transport.sendMail({ ...mail, text: '日本語のメール '.repeat(20).trim() });
    await transport.sendMail({ ...mail, text: 'plain words '.repeat(20).trim() });
    const { marketo } = sandbox;
    for (const list of [1, 2, 3]) {
      await fetch(`${marketo.origin}/rest/v1/lists/${list}/leads.json?id=7`, { method: 'POST' });
    }
    const page = await (await fetch(sandbox.overviewUrl)).text();
    expect(page).toContain(`Grüße\n\n${line}\nEnd</pre>`);
    expect(page).toContain(`${'日本語のメール '.repeat(20).trim()}</pre>`);
    expect(page).toContain(`${'plain words '.repeat(20).trim()}</pre>`);
    expect([...page.matchAll(/listId&quot;:(?:&quot;)?(\d)/g)].map(([, list]) => list)).toEqual([
      '3',
      '2',
      '1',
    ]);
    transport.close();
    await sandbox.close();
  });
});
