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
    });
    expect(config).toMatchObject({
      port: 0,
      host: '127.0.0.1',
      redisUrl: 'rediss://user:pass@redis.acme.example:6380',
      dataDir: '/srv/data',
      role: 'worker',
      logLevel: 'debug',
    });
    expect(Object.isFrozen(config)).toBe(true);
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
});

describe('withoutPassword', () => {
  it('hides user and password of a URL, and leaves any other text', () => {
    expect(withoutPassword('redis://u:p@h:1/0')).toBe('redis://***@h:1/0');
    expect(withoutPassword('a@b.example')).toBe('a@b.example');
  });
});
