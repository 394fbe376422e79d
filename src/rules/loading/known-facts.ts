import { FACTS } from '../engine/facts.js';
import { isMeasure, STATEFUL_FACTS } from '../memory/stateful-facts.js';

/** Every fact by name: those of the moment, and those that remember. */
export const KNOWN_FACTS: ReadonlyMap<string, { readonly doc: string }> = new Map(
  [...FACTS, ...Object.entries(STATEFUL_FACTS)].map(([name, { doc }]) => [name, { doc }]),
);

/** Facts that are objects of always the same members, which a path must choose from. */
export const FACT_MEMBERS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'usage',
    new Set([
      ...[
        'munchkinId',
        'used',
        'limit',
        'percent',
        'forecastAtMidnight',
        'forecastPercent',
        'topUser',
        'users',
      ],
    ]),
  ],
  ['now', new Set(['hour', 'minute', 'weekday', 'date'])],
]);

/** Why an event alone cannot answer for a fact, as the end of a sentence; undefined for a fact for which it can. */
export function beyondEvent(fact: string): string | undefined {
  if (isMeasure(fact)) return 'it remembers other events';
  if (fact === 'lead') return 'it may have to be looked up';
  return fact === 'usage' ? 'Marketo is asked for it' : undefined;
}

/** What keeps a shared condition from a place where an event alone must answer. `member`: the word of the rule. */
export function goesBeyond(member: string, condition: string, fact: string): string {
  return `"${member}" looks at one event alone, and the shared condition "${condition}" goes beyond that with the fact "${fact}": ${beyondEvent(fact) ?? ''}`;
}
