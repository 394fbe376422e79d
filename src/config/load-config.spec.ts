import { join } from 'node:path';
import { loadConfig } from './load-config.js';
import { withoutPassword } from './without-password.js';

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toEqual({
      sandbox: true,
      port: 3000,
      host: '127.0.0.1',
      dataDir: join(process.cwd(), 'data'),
      rulesDir: join(process.cwd(), 'rules'),
      connectionsFile: join(process.cwd(), 'connections.json'),
      role: 'all',
      logLevel: 'info',
      trustedProxies: [],
      limits: { backlogBytes: 536_870_912, backlogBatches: 100_000, backlogEffects: 500_000 },
    });
  });

  it('is no sandbox as soon as there is a connections file', () => {
    const config = loadConfig({ SIGNALMAN_CONNECTIONS: 'connections.example.json' });
    expect(config).toMatchObject({
      sandbox: false,
      connectionsFile: join(process.cwd(), 'connections.example.json'),
    });
  });

  it('does not take the sandbox for a connections file that was named and is not there', () => {
    expect(() => loadConfig({ SIGNALMAN_CONNECTIONS: '/nowhere/connections.json' })).toThrow(
      'SIGNALMAN_CONNECTIONS names /nowhere/connections.json, and there is no such file.',
    );
  });

  it('takes what the environment says and counts empty as not set', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '',
      REDIS_URL: 'rediss://user:pass@redis.acme.example:6380',
      SIGNALMAN_DATA: '/srv/data',
      SIGNALMAN_ROLE: 'worker',
      SIGNALMAN_LOG_LEVEL: 'debug',
      SIGNALMAN_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,2001:db8::7',
      SIGNALMAN_BACKLOG_BYTES: '64MB',
      SIGNALMAN_BACKLOG_BATCHES: '1000',
      SIGNALMAN_BACKLOG_EFFECTS: '2000',
      SIGNALMAN_REDIS_MEMORY: '1gb',
    });
    expect(config).toMatchObject({
      port: 0,
      host: '127.0.0.1',
      redisUrl: 'rediss://user:pass@redis.acme.example:6380',
      dataDir: '/srv/data',
      role: 'worker',
      logLevel: 'debug',
      trustedProxies: ['loopback', '10.0.0.0/8', '2001:db8::7'],
      limits: {
        backlogBytes: 67_108_864,
        backlogBatches: 1000,
        backlogEffects: 2000,
        redisBytes: 1_073_741_824,
      },
    });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.limits)).toBe(true);
  });

  it('names every variable that is wrong, its value and the right form', () => {
    const load = () =>
      loadConfig({ PORT: '70000', HOST: 'my host', REDIS_URL: 'http://u:geheim@h', SIGNALMAN_ROLE: 'boss' });
    expect(load).toThrow(
      [
        'PORT is "70000": give a whole number from 0 to 65535, such as 3000.',
        'HOST is "my host": give a host name or address, such as 127.0.0.1 or 0.0.0.0.',
        'REDIS_URL is "http://***@h": give a URL such as redis://127.0.0.1:6379 or rediss://user:password@host:6380.',
        'SIGNALMAN_ROLE is "boss": give one of all, ingest, worker.',
      ].join('\n'),
    );
  });

  it.each(['abc', '1.5', '-1', '0x10', ' '])('refuses the port "%s"', (port) => {
    expect(() => loadConfig({ PORT: port })).toThrow(`PORT is "${port}"`);
  });

  it.each(['512', '0mb', '1.5gb', '-1mb', '5tb', '512 mb', '9999999mb'])('refuses the size "%s"', (size) => {
    expect(() => loadConfig({ SIGNALMAN_BACKLOG_BYTES: size })).toThrow(
      `SIGNALMAN_BACKLOG_BYTES is "${size}": give a whole number and kb, mb or gb, such as 512mb.`,
    );
  });

  it.each([
    'proxy.acme.example',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '::/0',
    '10.0.0.0/8/8',
    '10.0.0',
    'loopback,',
    'fe80::1%eth0',
    '*',
    'true',
  ])('trusts no proxy "%s"', (proxies) => {
    expect(() => loadConfig({ SIGNALMAN_TRUSTED_PROXIES: proxies })).toThrow(
      `SIGNALMAN_TRUSTED_PROXIES is "${proxies}": give the addresses and networks of your proxies`,
    );
  });

  it('wants more memory for Redis than for what waits in it', () => {
    expect(() => loadConfig({ SIGNALMAN_REDIS_MEMORY: '512mb' })).toThrow(
      'SIGNALMAN_REDIS_MEMORY is 512mb: give more than SIGNALMAN_BACKLOG_BYTES, which is 512mb of it.',
    );
  });
});

describe('withoutPassword', () => {
  it('hides user and password of a URL, and leaves any other text', () => {
    expect(withoutPassword('redis://u:p@h:1/0')).toBe('redis://***@h:1/0');
    expect(withoutPassword('a@b.example')).toBe('a@b.example');
  });
});
