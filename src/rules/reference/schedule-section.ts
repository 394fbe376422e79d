import { blocks, lines, ruleFile } from './markdown.js';

/** `every`, `timeZone` and `expires`. */
export function scheduleSection(): string {
  return blocks(
    '## `every`: by the clock',
    'A rule can follow a timetable in place of events. Then it has `every` and no `on`:',
    ruleFile(
      'rules/flow/monday-report.json',
      `
{
  "description": "On Monday morning, ops reads how many leads were new last week.",
  "every": "0 9 * * 1",
  "timeZone": "Europe/Berlin",
  "conditions": {
    "all": [
      { "name": "new", "fact": "count", "params": { "on": "marketo.activity.newlead", "within": "7d" }, "operator": "greaterThan", "value": 0 },
    ],
  },
  "actions": [{ "type": "slack", "params": { "to": "ops", "text": "{{ facts.new }} new leads last week." } }],
}`,
    ),
    lines(
      'The five fields are minute, hour, day of month, month and weekday: `0 9 * * 1-5` is 9 in the morning on working days,',
      '`*/15 * * * *` every quarter of an hour, `0 0 1 * *` the first of each month. When nothing ran at the time,',
      '`{ "cron": "0 9 * * 1", "missed": "last" }` makes up for the last time that was missed (unless given), `"all"` for each,',
      '`"skip"` for none; `data.missed` is how many were. Such a rule is about no lead and no instance: it has no `leadId` and',
      'no `munchkinId`, facts that remember must say `on`, and `usage` is that of the only instance, if there is just one.',
    ),
    '## `timeZone` and `expires`',
    lines(
      '- `timeZone` is a name such as `Europe/Berlin` or `America/New_York`; UTC unless given. It is meant by the fact `now`, by',
      '  `activeHours`, `every` and `expires`.',
      '- `expires` ends a rule: `"2026-12-31"` is its last day, `"2026-12-31T18:00"` the minute. Events from then on find it off,',
      '  and the checker says so.',
    ),
  );
}
