import { Injectable } from '@nestjs/common';
import type { Effect } from '../contracts/effect.js';
import { QueuedEffects, type QueuedEffect } from '../queues/queued-effects.js';
import { ErasedPeople, type ErasedPerson, type Erasures } from '../state/erased-people.js';
import { EffectBook } from './effect-book.js';
import { EffectLedger } from './effect-ledger.js';

const REASON = 'person.erased: The person was erased before it was sent.';

/** Erases what was done about people, and what was still to be done, when they were erased from memory. */
@Injectable()
export class Erasure {
  constructor(
    private readonly queued: QueuedEffects,
    private readonly ledger: EffectLedger,
    private readonly book: EffectBook,
    private readonly people: ErasedPeople,
  ) {}

  /**
   * Gives up what waits to be sent, or to be put back by a person, and takes out of the book what was. May be repeated.
   * @returns those of whom everything is gone; about the others something is being sent, and has yet to be written down.
   */
  async erase(erasures: Erasures): Promise<readonly string[]> {
    const busy = new Set<string>();
    for await (const page of this.queued.pages()) {
      const people = page.flatMap(({ effect }) => effect.people ?? []);
      const erased = await this.people.whenOf(people, erasures);
      for (const each of page.filter(({ effect }) => isPointless(effect, erased)))
        if (!(await this.giveUp(each)))
          for (const person of each.effect.people ?? []) busy.add(erased.get(person)?.owner ?? '');
    }
    await this.book.erase(erasures);
    return [...erasures.keys()].filter((owner) => !busy.has(owner));
  }

  /** Taken out of the queue last of all: until then a crash repeats the rest. @returns false when it is under way. */
  private async giveUp({ effect, isUnderWay }: QueuedEffect): Promise<boolean> {
    if (isUnderWay) return false;
    await this.ledger.giveUp(effect);
    await this.book.write({ effect, outcome: 'failed', reason: REASON });
    return await this.queued.remove(effect.id);
  }
}

/** It was decided on before, and is about nobody else. What was decided on the deletion itself is to be sent. */
function isPointless({ people = [], decidedAt }: Effect, erased: ReadonlyMap<string, ErasedPerson>): boolean {
  const decided = Date.parse(decidedAt);
  return people.length > 0 && people.every((person) => (erased.get(person)?.at ?? -Infinity) > decided);
}
