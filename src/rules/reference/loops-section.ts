import { MOST_WRITES } from '../../state/own-writes-script.js';
import { MOST_VOLLEYS } from '../../state/loops-script.js';
import { MOST_CAUSES } from '../loop-guard/stops.js';
import { blocks, lines, ruleFile } from './markdown.js';

/** What becomes of what rules write to Marketo, when it comes back. */
export function loopsSection(): string {
  return blocks(
    '## Loops: what a rule writes comes back',
    lines(
      'Marketo tells of every change, also of those that a rule made: a lead that a rule put on a list comes back as',
      '`marketo.activity.addtolist`. Signalman knows what it wrote, and keeps rules from going in circles:',
    ),
    lines(
      '- **A rule does not fire on what it wrote itself.** The journal says `own-write` and names the effect. Other rules fire',
      '  on it as on anything else. A rule that shall react to itself says `"reactToOwnWrites": true`. It holds however much a',
      `  rule writes: of more than ${MOST_WRITES} writes to one lead the rest is known by rule and kind of activity alone.`,
      `- **A chain has an end.** An event that came of ${MOST_CAUSES} firings, one after the other, fires no rule that would go on with`,
      '  it, by writing to Marketo or by `emit`: the outcome is `looped`.',
      `- **A rule and a smart campaign that answer each other are stopped.** When a campaign answers what a rule wrote to a lead`,
      `  within ten minutes, that fires the rule again, and so on ${MOST_VOLLEYS} times within an hour, the rule does nothing about that`,
      '  campaign and that lead for an hour: `looped`. A busy lead looks the same, so a rule that campaigns set off often does',
      '  well to have a `throttle` for each lead. Only what the flow of a campaign does counts as its answer, not what a',
      '  person does with its mail.',
      '- **Somebody hears of it.** The event `signalman.loop` says who plays with whom, once an hour for the same two.',
      '- What is known of an event is `cause`: `via` is `write`, `emit` or `campaign` (one that acted within ten minutes of what',
      '  a rule wrote to the lead), `ruleId`, `eventId` and `effectId` say of which firing, `depth` how many there were.',
    ),
    'A rule that wants nothing that came of any rule asks for that:',
    ruleFile(
      'rules/leads/moved-by-people.json',
      `
{
  "description": "People or other systems put a lead on the list, no rule of ours.",
  "on": "marketo.activity.addtolist",
  "conditions": {
    "all": [
      { "fact": "data", "path": "$.primaryAttributeValueId", "operator": "in", "value": [1001, "1001"] },
      { "fact": "event", "path": "$.cause", "operator": "exists", "value": false },
    ],
  },
  "actions": [{ "type": "slack", "params": { "to": "ops", "text": "Lead {{ leadId }} is on the list." } }],
}`,
    ),
  );
}
