import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import type { ActionSchema } from '../../contracts/action-kind.js';
import { blocks, codes, fragment, lines, table } from './markdown.js';

/** Actions whose targets take a repeat for something new. */
export const REPEATS_SHOW: ReadonlySet<string> = new Set([
  'slack',
  'email',
  'marketo.pushLead',
  'marketo.requestCampaign',
  'marketo.scheduleCampaign',
  'marketo.addCustomActivity',
]);

/** `mode` and `guarantee`. */
export function modeSection(): string {
  const shows = ({ type, repeatable }: ActionSchema) => REPEATS_SHOW.has(type) || repeatable === false;
  const kinds = [...ACTION_SCHEMAS.values()];
  const showing = kinds.filter(shows).map(({ type }) => type);
  const others = kinds.filter((kind) => !shows(kind)).map(({ type }) => type);
  return blocks(
    '## `mode`: try it first',
    table(
      ['mode', 'the rule is decided', 'it is written down', 'it acts'],
      [
        ['`live` (unless given)', 'yes', 'yes', 'yes'],
        ['`shadow`', 'yes', 'yes', 'no'],
        ['`off`', 'no', 'no', 'no'],
      ],
    ),
    lines(
      'Begin with `shadow`, look for a day at what the rule would have done (`npx signalman journal --help` says how),',
      'then write `live`. A rule in `shadow` uses its',
      'throttle as if it acted: a lead that had its turn in `shadow` waits for the next.',
    ),
    '## `guarantee`: once too often, or once too few',
    lines(
      'An action is tried again when it fails. Seldom it is not known whether an attempt got through: the line went dead',
      'before the answer came. Then an action does what its `guarantee` says:',
    ),
    table(
      ['guarantee', 'when it is not known', 'the price'],
      [
        ['`at-least-once` (unless given)', 'tries again', 'a message may come twice'],
        [
          '`at-most-once`',
          'leaves it, and writes down that it is not known',
          'a message may not come at all',
        ],
      ],
    ),
    lines(
      `It matters only for ${codes(showing)}: their receivers take a repeat for something new. With`,
      `${codes(others)} a repeat`,
      'changes nothing, so they are always tried again. (The receiver of a webhook knows a repeat by its `webhook-id`.)',
    ),
    fragment(
      'action',
      `
{
  "type": "marketo.requestCampaign",
  "params": { "campaign": 2001, "lead": "{{ leadId }}" },
  "guarantee": "at-most-once", // Better no gift than two.
}`,
    ),
  );
}
