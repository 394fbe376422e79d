import { ACTIVITY_TYPES, CUSTOM_ACTIVITY } from '../../catalogue/activity-types.js';
import { AUDIT_COMPONENTS } from '../../catalogue/audit-components.js';
import { NOTIFICATION_TYPES } from '../../catalogue/notification-types.js';
import { OBSERVABILITY_TYPES } from '../../catalogue/observability-types.js';
import { SIGNALMAN_TYPES } from '../../catalogue/signalman-types.js';
import { blocks, code, codes, lines, table } from './markdown.js';

/** `on`, and every name of the catalogue, stream by stream. */
export function eventNames(): string {
  const described = ACTIVITY_TYPES.filter(({ attributes }) => attributes.length > 0);
  const others = ACTIVITY_TYPES.filter(({ attributes }) => attributes.length === 0);
  return blocks(
    '## `on`: which events',
    '`on` holds one name, or a list of names: `"on": ["marketo.activity.newlead", "marketo.activity.changedatavalue"]`.',
    table(
      ['you write', 'it stands for'],
      [
        ['`marketo.activity.clicklink`', 'this kind of event and no other'],
        ['`marketo.activity.*`', 'every activity: `*` at the very end stands for all that follows'],
        ['`marketo.audit.user.email*`', '`…email`, `…emailtemplate` and `…emailbatchprogram`'],
        ['`com.acme.*.updated`', '`*` at the end of an earlier part stands for the rest of that part'],
        ['`com.acme.crm.account.updated`', 'an event of another system, by its full CloudEvents type'],
      ],
    ),
    lines(
      'The names below are short: leave out `com.adobe.platform.` at the beginning, and `.standard` in the middle.',
      'A Marketo name that is not below gets a warning, never an error: Adobe adds kinds of events.',
    ),
    '### Lead activities',
    lines(
      'The last column holds the attributes seen so far. Any of them may be absent, and others may come.',
      'Read them with the fact `attributes`. The activities that you defined yourself all arrive as',
      `${code(CUSTOM_ACTIVITY)}; \`data.activityTypeId\` tells them apart.`,
    ),
    table(
      ['in Marketo', 'in `on`', 'attributes'],
      described.map(({ name, type, attributes }) => [name, code(type), attributes.join(', ')]),
    ),
    `Of these no attributes are known yet: ${codes(others.map(({ type }) => type))}.`,
    '### User audit',
    'What the users of Marketo do. `data.componentType` holds the first column, `data.eventAction` one of the last.',
    table(
      ['in Marketo', 'in `on`', 'actions seen so far'],
      AUDIT_COMPONENTS.map(({ component, type, actions }) => [component, code(type), actions.join(', ')]),
    ),
    '### Notifications',
    table(
      ['in Marketo', 'in `on`', 'inside `data.eventAction`'],
      NOTIFICATION_TYPES.map(({ name, type, details }) => [name, code(type), details.join(', ')]),
    ),
    '### Observability',
    table(
      ['in Marketo', 'in `on`'],
      OBSERVABILITY_TYPES.map(({ name, type }) => [name, code(type)]),
    ),
    '### Signalman itself',
    'What Signalman notices about what it should receive. A rule acts on it as on anything else.',
    table(
      ['in `on`', 'it is told when', 'inside `data`'],
      SIGNALMAN_TYPES.map(({ type, when, members }) => [code(type), when, members.join(', ')]),
    ),
  );
}
