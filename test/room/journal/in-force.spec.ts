import { InForce } from '../../../src/journal/in-force.js';
import { Journal } from '../../../src/journal/journal.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

describe('the changes of what is in force', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let journal: Journal;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    journal = new Journal(connections);
  });
  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await connections.forWorkers().flushall();
  });

  const note = async (versions: Readonly<Record<string, string>>, process = new InForce(connections)) => {
    await process.note('rule', new Map(Object.entries(versions)));
  };
  const written = async (): Promise<string[]> =>
    (await journal.latest('audit', 100))
      .flatMap((entry) => (entry.kind === 'audit' ? [entry.audit] : []))
      .map(({ who, what, target, detail = '' }) => [who, what, target, detail].join(' '))
      .sort();

  it('are those since the last time, and none the first time', async () => {
    await note({ 'leads/a': 'v1', 'leads/b': 'v1' });
    expect(await written()).toEqual([]);
    await note({ 'leads/a': 'v2', 'leads/c': 'v1' });
    expect(await written()).toEqual([
      'file rule.added leads/c v1',
      'file rule.changed leads/a v1 to v2',
      'file rule.removed leads/b v1',
    ]);
  });

  it('are written once by however many processes see them', async () => {
    await note({ 'leads/a': 'v1' });
    await Promise.all(Array.from({ length: 5 }, () => note({ 'leads/a': 'v2' })));
    expect(await written()).toEqual(['file rule.changed leads/a v1 to v2']);
  });

  it('are noticed after there was nothing at all', async () => {
    await note({});
    await note({ 'leads/a': 'v1' });
    await note({});
    expect(await written()).toEqual(['file rule.added leads/a v1', 'file rule.removed leads/a v1']);
  });

  it('are found among ten thousand', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`leads/${index}`, 'v1']));
    await note(many);
    await note({ ...many, 'leads/77': 'v2' });
    expect(await written()).toEqual(['file rule.changed leads/77 v1 to v2']);
  });
});
