import { Inject, Injectable } from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import type { Connections } from '../contracts/connections.js';
import { RedisFlow } from '../state/redis-flow.js';
import { Silences } from '../state/silences.js';
import type { GateState } from './conclude.js';
import type { RuleSet } from './engine/rule-set.js';
import { LoopGuard } from './loop-guard/loop-guard.js';

/** What stands between matching and acting, as it is now. */
@Injectable()
export class FlowGate {
  constructor(
    private readonly flow: RedisFlow,
    private readonly silences: Silences,
    private readonly loops: LoopGuard,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {}

  async now(ruleSet: RuleSet): Promise<GateState> {
    const now = Date.now();
    const silences = await this.silences.current(now);
    const { destinations } = this.connections;
    return {
      flow: this.flow,
      loops: this.loops,
      circumstances: { now, silences, mutedBy: (ruleId) => ruleSet.mutedBy(ruleId) },
      context: { destinations, decidedAt: new Date(now).toISOString() },
    };
  }
}
