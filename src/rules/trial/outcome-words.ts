import type { DecisionOutcome } from '../../contracts/decision.js';

/** What can become of a rule on an event, for the reference and for test files. */
export const OUTCOME_WORDS: Readonly<Record<DecisionOutcome, string>> = {
  fired: 'it acts',
  waiting: 'the first event of `then` or `unless` waits',
  followed: 'what `unless` names came, so nothing is to be done',
  throttled: '`throttle` holds it back',
  grouped: 'it is collected, to act together with others',
  deferred: 'it waits for the `activeHours`',
  'outside-hours': 'it came outside the `activeHours`, and is dropped',
  silenced: 'a silence mutes it',
  inhibited: '`inhibitedBy` mutes it',
  'own-write': 'what it wrote to Marketo came back; `reactToOwnWrites` would let it act',
  looped: 'it would go on with a loop: too long a chain of firings, or a smart campaign that answers it',
  held: 'it is more than `limit` allows, and waits for a person',
  expired: 'the rule is over',
  undecided: 'Marketo could not be asked yet; it is judged again',
  shadow: 'it would act if it were `live`',
  failed: 'it cannot act, for example because a template fails',
};
