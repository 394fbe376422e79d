import { Injectable } from '@nestjs/common';
import type { Effect } from '../contracts/effect.js';
import { EffectEntries } from '../journal/effect-entries.js';
import type { EffectRecord } from '../journal/journal-entry.js';
import { Journal } from '../journal/journal.js';
import { ErasedPeople, type Erasures } from '../state/erased-people.js';
import { EffectLedger } from './effect-ledger.js';

/** Writes down how effects ended: of people who were erased only that they did. */
@Injectable()
export class EffectBook {
  constructor(
    private readonly journal: Journal,
    private readonly entries: EffectEntries,
    private readonly ledger: EffectLedger,
    private readonly people: ErasedPeople,
  ) {}

  async write(record: EffectRecord): Promise<void> {
    const { id, people = [] } = record.effect;
    const isErased = people.length > 0 && (await this.people.among(people)).size > 0;
    if (isErased) await this.ledger.forgetTexts([id]);
    await this.journal.append([{ kind: 'effect', record: isErased ? withoutTexts(record) : record }]);
  }

  /** Takes everything out that is about these people, among others or alone. May be repeated. */
  async erase(erasures: Erasures): Promise<void> {
    for await (const page of this.entries.pages()) {
      const erased = await this.people.whenOf(
        page.flatMap(({ effect }) => effect.people ?? []),
        erasures,
      );
      const about = page.filter(({ effect }) => effect.people?.some((person) => erased.has(person)));
      await this.ledger.forgetTexts(about.map(({ effect }) => effect.id));
      await this.entries.remove(about.map(({ position }) => position));
    }
  }
}

/** What an effect was made of, and what a target said of it, can name the person. */
function withoutTexts({ effect, outcome, reason }: EffectRecord): EffectRecord {
  const kept: Effect = { ...effect, params: { omitted: 'the person was erased' }, people: [] };
  const code = reason?.split(':', 1)[0];
  return { effect: kept, outcome, ...(code === undefined ? {} : { reason: code }) };
}
