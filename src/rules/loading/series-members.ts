import { STATEFUL_FACTS, type Measure } from '../memory/stateful-facts.js';

interface SeriesMember {
  readonly doc: string;
  /** Facts to which it means something. */
  readonly isFor: (measure: Measure) => boolean;
  readonly isNeeded: (measure: Measure) => boolean;
}

const always = () => true;
const never = () => false;

/** What can stand in the `params` of a fact that remembers. */
export const SERIES_MEMBERS: Readonly<Record<string, SeriesMember>> = {
  on: {
    doc: 'The events that are looked at, as in `on` of the rule; those of the rule unless given.',
    isFor: always,
    isNeeded: never,
  },
  where: {
    doc: 'Conditions that such an event must meet. They look at that event alone.',
    isFor: always,
    isNeeded: never,
  },
  per: {
    doc: 'What is kept apart: a path into the event such as `leadId`, or a list of them. All events together unless given.',
    isFor: always,
    isNeeded: never,
  },
  within: {
    doc: 'How far back it looks from the event: `30m`, `24h`, `7d`; `90d` at most. Where it is not needed, `30d` unless given.',
    isFor: always,
    isNeeded: (measure) => STATEFUL_FACTS[measure].needsWithin,
  },
  of: {
    doc: 'The value in the event that is meant: a path such as `data.campaignId`.',
    isFor: (measure) => STATEFUL_FACTS[measure].needsOf,
    isNeeded: (measure) => STATEFUL_FACTS[measure].needsOf,
  },
  windows: {
    doc: 'So many windows before the current one are compared with it: 1 to 100, 7 unless given.',
    isFor: (measure) => measure === 'spike',
    isNeeded: never,
  },
};
