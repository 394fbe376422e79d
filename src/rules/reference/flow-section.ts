import { DEFAULT_GROUP, LARGEST_GROUP } from '../flow-schema.js';
import { blocks, lines, ruleFile } from './markdown.js';

/** What stands between conditions that are met and acting. */
export function flowSection(): string {
  return blocks(
    '## Time and flow',
    lines(
      'When the conditions are met, a rule acts at once, unless it has one of the words below. They are asked in this order:',
      '`then` or `unless`, `inhibitedBy`, `throttle`, `activeHours`, `group`, `limit`. Whatever holds a rule back is written',
      'down with the reason, so "why did it not act?" has an answer. Durations are a whole number and a unit: `s`econds,',
      '`m`inutes, `h`ours, `d`ays, `w`eeks.',
    ),
    lines(
      '`per` is what belongs together: a path into the event without `$` (`leadId`, `munchkinId`, `data.userId`,',
      "`attributes['Campaign ID']`), or a list of them. The id of a lead counts with its instance. For `throttle` and",
      '`group`, events that do not have the member belong together; `then` and `unless` cannot do without it.',
    ),
    ...sequences(),
    ...inhibitors(),
    ...pace(),
    ...hours(),
    ...limits(),
    ...silences(),
  );
}

function sequences(): string[] {
  return [
    '### `then`: one thing after another',
    'The rule acts when a second event follows within a time. Somebody asks for a demo and is on the price list within a day:',
    ruleFile(
      'rules/flow/demo-then-prices.json',
      `
{
  "description": "Somebody asks for a demo and looks at the prices within a day.",
  "on": "marketo.activity.filloutform",
  "conditions": {
    "all": [{ "fact": "data", "path": "$.primaryAttributeValue", "operator": "containsText", "value": "Request Demo" }],
  },
  "then": {
    "on": "marketo.activity.visitwebpage",
    "conditions": { "all": [{ "fact": "attributes", "path": "$['Webpage URL']", "operator": "startsWith", "value": "/pricing" }] },
    "within": "1d",
  },
  "actions": [{ "type": "slack", "params": { "to": "ops", "text": "Lead {{ leadId }} is at {{ then.attributes['Webpage URL'] }}." } }],
}`,
    ),
    lines(
      '- The two events belong to the same lead; `"per": "data.userId"` makes it the same user, and so on.',
      '- Conditions of the second event look at that event alone: no `lead`, no `usage`, no fact that remembers.',
      '- `within` is 90 days at most. A second event takes the earliest first event that waits, and both are used up then.',
      '- Both count at their own times, but a first event that is delivered after the second is too late for it.',
    ),
    '### `unless`: nothing came',
    'The rule acts when the time is over and nothing followed. A lead on the follow-up list whom nobody wrote to within two days:',
    ruleFile(
      'rules/flow/nobody-wrote.json',
      `
{
  "description": "A lead came onto the follow-up list, and nobody wrote within two days.",
  "on": "marketo.activity.addtolist",
  "conditions": { "all": [{ "fact": "data", "path": "$.primaryAttributeValueId", "operator": "in", "value": [1001, "1001"] }] },
  "unless": { "on": ["marketo.activity.sendemail", "marketo.activity.sendsalesemail"], "within": "2d" },
  "actions": [{ "type": "slack", "params": { "to": "ops", "text": "Nobody wrote to lead {{ leadId }} yet." } }],
}`,
    ),
    lines(
      'The wait goes on through a restart. It is counted from when the first event was received, so that the second may be',
      'as late as the first; whether the second came in time goes by the times of the two events. A rule has `then` or',
      '`unless`, not both. When the lead is deleted in Marketo, what waits for it is dropped.',
    ),
  ];
}

function inhibitors(): string[] {
  return [
    '### `inhibitedBy`: one warning is enough',
    'Names another rule that mutes this one for a time after it acted, or a shared condition that mutes it for events on which it holds:',
    ruleFile(
      'rules/conditions/our-own-address.json',
      `
{ "all": [{ "fact": "attributes", "path": "$.Email", "operator": "endsWith", "value": "@acme.example" }] }`,
    ),
    ruleFile(
      'rules/flow/bounce.json',
      `
{
  "description": "A mail bounced, which is no news while the flood of bounces is known, nor from our own addresses.",
  "on": "marketo.activity.emailbounced",
  "inhibitedBy": [
    { "rule": "flow/many-bounces", "within": "2h", "per": "munchkinId" },
    "our-own-address",
  ],
  "actions": [{ "type": "slack", "params": { "to": "ops", "text": "A mail to lead {{ leadId }} bounced." } }],
}`,
    ),
    lines(
      'A rule is named by its id, a shared condition by its name. A rule mutes for an hour unless `within` says otherwise, and',
      'whatever it was about; with `per`, only what has that in common. The shared condition looks at the event alone: no',
      '`lead`, no `usage`, no fact that remembers.',
    ),
  ];
}

function pace(): string[] {
  return [
    '### `throttle`: not too often',
    lines(
      '`{ "per": "leadId", "every": "7d" }` lets the rule act once for each lead in seven days,',
      '`{ "per": ["leadId", "data.campaignId"], "every": "7d" }` once for each lead and campaign.',
    ),
    lines(
      '- Only events that meet the conditions count.',
      '- Time is the time of the events, not of the clock on the wall. An event that is delivered twice counts once.',
      '- Nothing is lost from sight: what was held back is written down, and the next message can say how many there were:',
      '  `{{ throttled.count }}`. Their ids, fifty at most, are in `{{ throttled.events }}`.',
      '- Each rule counts for itself.',
    ),
    '### `group`: one message for many',
    'Collects for a while from the first event on, then acts once for all of them:',
    ruleFile(
      'rules/flow/many-bounces.json',
      `
{
  "description": "More than a hundred mails bounced within an hour: ops reads one message, not a hundred.",
  "on": "marketo.activity.emailbounced",
  "conditions": {
    "all": [{ "fact": "count", "params": { "per": "munchkinId", "within": "1h" }, "operator": "greaterThan", "value": 100 }],
  },
  "group": { "per": "munchkinId", "wait": "10m" },
  "actions": [
    { "type": "slack", "params": { "to": "ops", "text": "{{ count }} mails more bounced in {{ munchkinId }}, {{ facts.count }} in the hour." } },
  ],
}`,
    ),
    lines(
      `It acts before the time is over when \`max\` of them have come: ${DEFAULT_GROUP} unless given, ${LARGEST_GROUP.toLocaleString('en-US')} at most. Without`,
      '`per` all come together. What a text says of one event, it says of the first.',
    ),
  ];
}

function hours(): string[] {
  return [
    '### `activeHours`: not at night',
    ruleFile(
      'rules/flow/unsubscribed.json',
      `
{
  "description": "Somebody unsubscribed; the team reads it while it works.",
  "on": "marketo.activity.unsubscribeemail",
  "timeZone": "Europe/Berlin",
  "activeHours": { "days": "mon-fri", "hours": "09:00-18:00", "outside": "defer" },
  "actions": [{ "type": "slack", "params": { "to": "ops", "text": "Lead {{ leadId }} unsubscribed." } }],
}`,
    ),
    lines(
      '- `days` is `mon-fri`, `sat,sun` or a list such as `["mon", "wed-fri"]`; `hours` may pass midnight (`22:00-06:00`), and',
      '  belong to the day on which they begin.',
      '- Outside, `defer` (unless given) acts when the hours begin again; `drop` does not act.',
      '- Here the clock on the wall counts, not the time of the event.',
    ),
  ];
}

function limits(): string[] {
  return [
    '### `limit`: never more than this without a person',
    'A slip in a condition, or an import of the whole database, must not reach every customer before somebody looks:',
    ruleFile(
      'rules/flow/welcome.json',
      `
{
  "description": "Whoever fills out a form goes to the list of the welcome campaign.",
  "on": "marketo.activity.filloutform",
  "limit": { "leads": 500, "per": "1h" },
  "actions": [{ "type": "marketo.addToList", "params": { "list": 1001, "lead": "{{ leadId }}" } }],
}`,
    ),
    lines(
      '- `firings` bounds how often the rule acts, `leads` for how many different people, `messages` how much it writes to',
      '  Slack and by mail; one of them or several, each within `per`: an hour unless given, 24 at most, by the clock.',
      '- The firing that would go beyond is **held**, and so is everything that the rule would do after it. Nothing of that',
      '  is sent, and nothing is lost.',
      '- The event `signalman.rule.held` tells of it, so that a rule can warn people; the rule `operations/rule-held` does.',
      '- `npx signalman held` shows what is held: how much, for which leads, with samples. `held release` asks, sends it and lets',
      '  the rule act again, counting anew; `held release --first 10` sends the first ten alone; `held discard` throws it away.',
      '- In `shadow` mode nothing is done, so nothing is held.',
    ),
  ];
}

function silences(): string[] {
  return [
    '### Silences',
    lines(
      'To mute rules for a while, for a release or on a holiday, change no file: set a silence, for rules by their ids, with a',
      'reason and an end. It can be for one lead, and come back every week.',
      '',
      "`npx signalman silence add --rules 'leads/*' --for 2h --reason \"Import of the fair's leads\"`",
      '',
      'What is silenced is still decided and written down, as `silenced`, and is not made up for. `silence list` shows what is',
      'muted, `silence end` ends it; `--help` says more.',
    ),
  ];
}
