import { Injectable } from '@nestjs/common';
import type { Effect } from '../contracts/effect.js';
import { LaneContents, type LaneEntry } from '../queues/lane-contents.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { ErasedPeople, type ErasedPerson, type Erasures } from '../state/erased-people.js';
import { EffectLedger } from './effect-ledger.js';
import { EffectPages, type Place } from './effect-pages.js';
import type { LedgerEntry } from './ledger-entry.js';

export const PERSON_ERASED = 'person.erased: The person was erased before it was sent.';

/** Erases what was done about people, and what was still to be done, when they were erased from memory. */
@Injectable()
export class Erasure {
  private readonly pages: EffectPages;

  constructor(
    private readonly queued: LaneContents,
    private readonly ledger: EffectLedger,
    private readonly people: ErasedPeople,
    connections: RedisConnections,
  ) {
    this.pages = new EffectPages(connections.forWorkers());
  }

  /**
   * Gives up what waits to be sent, or to be put back by a person, and takes out of the ledger what people can read. May
   * be repeated.
   * @returns those of whom everything is gone; about the others something is being sent, and has yet to be written down.
   */
  async erase(erasures: Erasures): Promise<readonly string[]> {
    await this.eraseLedger(erasures);
    const busy = new Set<string>();
    for await (const page of this.queued.pages()) {
      const people = page.flatMap(({ effect }) => effect.people ?? []);
      const erased = await this.people.whenOf(people, erasures);
      for (const each of page.filter(({ effect }) => isPointless(effect, erased)))
        if (!(await this.giveUp(each)))
          for (const person of each.effect.people ?? []) busy.add(erased.get(person)?.owner ?? '');
    }
    return [...erasures.keys()].filter((owner) => !busy.has(owner));
  }

  /** Taken out of the queue last of all: until then a crash repeats the rest. @returns false when it is under way. */
  private async giveUp({ effect, isUnderWay }: LaneEntry): Promise<boolean> {
    if (isUnderWay) return false;
    await this.ledger.giveUp(effect, PERSON_ERASED);
    return await this.queued.remove(effect);
  }

  /** What is written from now on about somebody who was erased says only that it was done. */
  private async eraseLedger(erasures: Erasures): Promise<void> {
    for (let place: Place | undefined; ;) {
      const { rows, next } = await this.pages.page(Infinity, place);
      await this.erasePage(
        rows.map(({ entry }) => entry),
        erasures,
      );
      if (next === undefined) return;
      place = next;
    }
  }

  private async erasePage(entries: readonly LedgerEntry[], erasures: Erasures): Promise<void> {
    const people = entries.flatMap(({ effect }) => effect.people ?? []);
    const erased = await this.people.whenOf(people, erasures);
    const about = entries.filter(({ effect }) => effect.people?.some((person) => erased.has(person)));
    const held = about.filter(({ standing }) => standing === 'held');
    for (const { effect } of held)
      if (isPointless(effect, erased)) await this.ledger.suppress(effect, PERSON_ERASED);
    // What is held about others too is whole until somebody decides.
    await this.ledger.forgetTexts(about.filter((each) => !held.includes(each)).map(({ id }) => id));
  }
}

/** It was decided on before, and is about nobody else. What was decided on the deletion itself is to be sent. */
export function isPointless(
  { people = [], decidedAt }: Effect,
  erased: ReadonlyMap<string, ErasedPerson>,
): boolean {
  const decided = Date.parse(decidedAt);
  return people.length > 0 && people.every((person) => (erased.get(person)?.at ?? -Infinity) > decided);
}
