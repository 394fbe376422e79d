import { Module } from '@nestjs/common';
import { RedisConnections } from '../redis/redis-connections.js';
import { EffectLedger } from './effect-ledger.js';
import { QueuesModule } from '../queues/queues.module.js';
import { EffectSearch } from './effect-search.js';
import { EffectStories } from './effect-stories.js';
import { EffectsInLanes } from './effects-in-lanes.js';

// In: claims and ends of attempts, what was decided about effects. Out: whether an attempt may begin, what became of each
// effect. Owns: the effect ledger, the state of lanes and their paces.
@Module({
  imports: [QueuesModule],
  providers: [
    {
      provide: EffectLedger,
      inject: [RedisConnections],
      useFactory: (connections: RedisConnections) => new EffectLedger(connections),
    },
    EffectSearch,
    EffectStories,
    EffectsInLanes,
  ],
  exports: [EffectLedger, EffectsInLanes, EffectSearch, EffectStories],
})
export class LedgerModule {}
