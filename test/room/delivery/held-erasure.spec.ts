import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { HeldErasure } from '../../../src/delivery/held-erasure.js';
import { HeldEffects } from '../../../src/queues/held-effects.js';
import { HeldRules } from '../../../src/queues/held-rules.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { leadOwner } from '../../../src/contracts/lead-owner.js';
import { ErasedPeople } from '../../../src/state/erased-people.js';
import { effectFor, RULE_ID } from '../../support/held-firings.js';
import { startRedis } from '../../support/redis.js';

const ADA = leadOwner('123-ABC-456', '1');
const BOB = leadOwner('123-ABC-456', '2');

it('ends what is held about an erased person alone, whatever was decided about it', async () => {
  const server = await startRedis({ durable: false });
  const connections = new RedisConnections(server.url);
  try {
    const held = new HeldEffects(connections);
    const rules = new HeldRules(connections);
    const ledger = new EffectLedger(connections);
    const about = [[ADA], [ADA, BOB], [BOB], []].map((people, index) => effectFor(`${index}`, { people }));
    const holding = { id: 'h', reason: 'more than 1 firing in 1h', since: 1 };
    const effects = about.map((effect) => ({ effect, leads: [] }));
    await held.add([{ ruleId: RULE_ID, holding, began: true, effects }]);
    await rules.decideFirst({ ruleId: RULE_ID, decision: 'release', by: 'cli:ann', at: Date.now() }, 1);
    const erasure = new HeldErasure(rules, held, ledger, new ErasedPeople(connections));
    await erasure.erase(new Map([[ADA, Date.now()]]));
    expect((await held.first('h')).map(({ effect }) => effect)).toEqual(about.slice(1));
    expect(await held.count('h.1')).toBe(0);
    const [first] = about;
    expect(await ledger.get(first?.id ?? '')).toMatchObject({ standing: 'suppressed' });
  } finally {
    await connections.close();
    await server.stop();
  }
});
