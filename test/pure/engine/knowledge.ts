import type { CanonicalEvent } from '../../../src/contracts/event.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { FactScope } from '../../../src/rules/engine/facts.js';
import { STATEFUL_FACTS, type Measure } from '../../../src/rules/memory/stateful-facts.js';
import { Chance } from './seeded.js';
import { generateObject, SCALARS } from './values.js';

const ANSWERS = {
  number: [0, 1, 2.5, 5, 7, 10, 100, undefined],
  boolean: [true, false, undefined],
  any: SCALARS,
};

/** What the polled usage tells; known from the beginning. */
export const USAGE = { used: 7, percent: 5, limit: 100, topUser: 'CA' };

/** A made-up memory and a made-up person. Two of the same seed are the same; events without a lead have nobody. */
export class Knowledge {
  constructor(private readonly seed: number) {}

  /** What memory answers to the question with this key. */
  answer(key: string): unknown {
    const [measure] = JSON.parse(key) as [Measure];
    let state = this.seed;
    for (const sign of key) state = Math.imul(state ^ (sign.codePointAt(0) ?? 0), 0x01000193);
    return new Chance(state).pick<unknown>(ANSWERS[STATEFUL_FACTS[measure].gives]);
  }

  /** The event as it is seen when all of this is known. */
  scopeOf(event: CanonicalEvent): FactScope {
    const scope = unknowing(event);
    this.remindOf(scope);
    this.introduce(scope);
    return scope;
  }

  remindOf(scope: FactScope): void {
    scope.remember({ answer: ({ key }) => this.answer(key), lead: this.person(scope, 1) });
  }

  introduce(scope: FactScope): void {
    scope.learn(this.person(scope, 2));
  }

  private person({ event }: FactScope, source: number): JsonObject {
    return event.leadId === undefined ? {} : generateObject(new Chance(this.seed + source), 1);
  }
}

/** The event as it is seen before anybody was asked. */
export function unknowing(event: CanonicalEvent): FactScope {
  return new FactScope(event, { usage: USAGE });
}
