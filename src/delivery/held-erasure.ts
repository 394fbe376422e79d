import { Injectable } from '@nestjs/common';
import { HeldEffects } from '../queues/held-effects.js';
import { HeldRules } from '../queues/held-rules.js';
import { ErasedPeople, type Erasures } from '../state/erased-people.js';
import { EffectLedger } from './effect-ledger.js';
import { isPointless, PERSON_ERASED } from './erasure.js';

/** Erases what is held about people who were erased from memory. */
@Injectable()
export class HeldErasure {
  constructor(
    private readonly rules: HeldRules,
    private readonly held: HeldEffects,
    private readonly ledger: EffectLedger,
    private readonly people: ErasedPeople,
  ) {}

  /** Ends what is about nobody else. May be repeated. */
  async erase(erasures: Erasures): Promise<void> {
    for (const { id } of [...(await this.rules.list()), ...(await this.rules.decided())]) {
      const pointless: string[] = [];
      for await (const page of this.held.pages(id)) {
        const people = page.flatMap(({ effect }) => effect.people ?? []);
        const erased = await this.people.whenOf(people, erasures);
        for (const { effect } of page)
          if (isPointless(effect, erased)) {
            await this.ledger.suppress(effect, PERSON_ERASED);
            pointless.push(effect.id);
          }
      }
      await this.held.letGo(id, pointless);
    }
  }
}
