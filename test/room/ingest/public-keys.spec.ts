import { jest } from '@jest/globals';
import { PublicKeys } from '../../../src/ingest/door/public-keys.js';
import { KeyServer, PAIRS } from './door-app.js';

const DAY = 24 * 3_600_000;

describe('PublicKeys', () => {
  const server = new KeyServer();
  const keys = new PublicKeys();
  let origin: string;

  beforeAll(async () => {
    origin = await server.start();
    server.publish(PAIRS[0].path, PAIRS[0].publicKey);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await keys.onApplicationShutdown();
    await server.stop();
  });

  it('fetches a known key anew while strangers name keys that do not exist', async () => {
    expect(await keys.get(origin, PAIRS[0].path)).toBeDefined();
    const later = performance.now() + DAY + 1;
    jest.spyOn(performance, 'now').mockReturnValue(later);
    const madeUp = (n: number): unknown => keys.get(origin, `/prod/keys/pub-key-made-up-${n}.pem`);
    const fetches = Array.from({ length: 8 }, (_, n) => madeUp(n));
    expect(madeUp(8)).toBeUndefined();
    expect(await keys.get(origin, PAIRS[0].path)).toBeDefined();
    await Promise.all(fetches);
  });
});
