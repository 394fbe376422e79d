import { Injectable } from '@nestjs/common';
import type { CanonicalEvent } from '../contracts/event.js';
import { LeadLookUp } from '../marketo/lead-look-up.js';
import { Usage } from '../marketo/usage.js';
import { OwnWrites } from '../state/own-writes.js';
import { RedisMemory } from '../state/redis-memory.js';
import type { Sources } from './decide.js';
import { FactScope, type GivenFacts } from './engine/facts.js';
import type { RuleSet } from './engine/rule-set.js';
import { echoesIn, withCauses } from './loop-guard/own-causes.js';
import { BatchMemory } from './memory/batch-memory.js';

/** What is known beside events: memory in Redis, people in Marketo, the day's API calls, what we wrote ourselves. */
@Injectable()
export class Knowledge {
  constructor(
    private readonly memory: RedisMemory,
    private readonly leads: LeadLookUp,
    private readonly usage: Usage,
    private readonly ownWrites: OwnWrites,
  ) {}

  async about(events: readonly CanonicalEvent[]): Promise<Sources> {
    const { memory, leads } = this;
    const usage = await this.usageOf(events);
    return {
      memory,
      lookUp: (wanted) => leads.lookUp(wanted),
      given: ({ munchkinId }) => usage.get(munchkinId),
    };
  }

  /** The events as they are known: with what each came of, where a write of ours is behind it. */
  async recognise(
    batch: string,
    events: readonly CanonicalEvent[],
    ruleSet: RuleSet,
  ): Promise<readonly CanonicalEvent[]> {
    const echoes = echoesIn(events, ruleSet);
    return withCauses(events, echoes, await this.ownWrites.behind(batch, echoes));
  }

  /** Notes events without asking anything. */
  async note(batch: string, events: readonly CanonicalEvent[], ruleSet: RuleSet): Promise<void> {
    const memory = new BatchMemory(ruleSet);
    for (const event of events) memory.note(new FactScope(event, undefined));
    memory.recall(await this.memory.exchange(batch, memory.request));
    await this.memory.improve(memory.improvements());
  }

  /** By instance; undefined stands for events of no instance. */
  private async usageOf(
    events: readonly CanonicalEvent[],
  ): Promise<ReadonlyMap<string | undefined, GivenFacts>> {
    const instances = new Set(events.map(({ munchkinId }) => munchkinId));
    const figures = [...instances].map(async (each) => [each, { usage: await this.usage.of(each) }] as const);
    return new Map(await Promise.all(figures));
  }
}
