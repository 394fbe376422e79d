import { bool, byType, chars, type Check, items, link, members, whole, word } from './checks.js';

const HTTPS = /^https:\/\/[^\s/]/;
const anything: Check = () => [];
/** `byType` has looked at it. */
const kind = anything;
export const plain = (most: number): Check =>
  byType({ plain_text: members({ type: kind, text: chars(most), emoji: [false, bool] }) });
export const mrkdwn = (most: number): Check =>
  byType({ mrkdwn: members({ type: kind, text: chars(most), verbatim: [false, bool] }) });
export const text = (most: number): Check => byType({ plain_text: plain(most), mrkdwn: mrkdwn(most) });

const confirm = members({
  title: [false, plain(100)],
  text: text(300),
  confirm: [false, plain(30)],
  deny: [false, plain(30)],
  style: [false, word('primary', 'danger')],
});

const option = members({
  text: text(75),
  value: [false, chars(150)],
  url: [false, link()],
  description: [false, plain(75)],
});

export const imageMembers = {
  type: kind,
  alt_text: chars(2_000),
  image_url: [false, link()],
  slack_file: [false, members({ id: [false, chars(255)], url: [false, link()] }, ['id', 'url'])],
} as const;
export const image = members(imageMembers, ['image_url', 'slack_file']);

const usable = { type: kind, action_id: [false, chars(255)], confirm: [false, confirm] } as const;
const focusable = { ...usable, focus_on_load: [false, bool] } as const;
const labelled = { text: plain(75), accessibility_label: [false, chars(75)] } as const;
const coloured = { ...labelled, style: [false, word('primary', 'danger')] } as const;

export const button = members({
  ...usable,
  ...coloured,
  value: [false, chars(2_000)],
  url: [false, link()],
});

const workflowButton = members({
  ...usable,
  ...coloured,
  workflow: members({
    trigger: members({
      url: link(HTTPS),
      customizable_input_parameters: [
        false,
        items(1, 100, members({ name: chars(255), value: chars(2_000) })),
      ],
    }),
  }),
});

type Extra = Parameters<typeof members>[0];

function menu(of: string, initial: string, value: Check, more: Extra = {}): Record<string, Check> {
  const shared = { ...focusable, placeholder: [false, plain(150)], ...more } as const;
  return {
    [`${of}_select`]: members({
      ...shared,
      response_url_enabled: [false, bool],
      [`initial_${initial}`]: [false, value],
    }),
    [`multi_${of}_select`]: members({
      ...shared,
      max_selected_items: [false, whole(1)],
      [`initial_${initial}s`]: [false, items(1, 100, value)],
    }),
  };
}

const groups = members({ label: plain(75), options: items(1, 100, option) });
const filter = members({
  include: [false, items(1, 4, word('im', 'mpim', 'private', 'public'))],
  exclude_external_shared_channels: [false, bool],
  exclude_bot_users: [false, bool],
});

const common: Readonly<Record<string, Check>> = {
  button,
  workflow_button: workflowButton,
  overflow: members({ ...usable, options: items(1, 5, option) }),
  ...menu('static', 'option', option, {
    options: [false, items(1, 100, option)],
    option_groups: [false, items(1, 100, groups)],
  }),
  ...menu('external', 'option', option, { min_query_length: [false, whole(0)] }),
  ...menu('users', 'user', chars(255)),
  ...menu('channels', 'channel', chars(255)),
  ...menu('conversations', 'conversation', chars(255), {
    default_to_current_conversation: [false, bool],
    filter: [false, filter],
  }),
  checkboxes: members({
    ...focusable,
    options: items(1, 10, option),
    initial_options: [false, items(1, 10, option)],
  }),
  radio_buttons: members({
    ...focusable,
    options: items(1, 10, option),
    initial_option: [false, option],
  }),
  datepicker: members({ ...focusable, placeholder: [false, plain(150)], initial_date: [false, chars(255)] }),
  timepicker: members({
    ...focusable,
    placeholder: [false, plain(150)],
    initial_time: [false, chars(255)],
    timezone: [false, chars(255)],
  }),
};

export const accessory = byType({ ...common, image });

export const actionElement = byType({
  ...common,
  datetimepicker: members({ ...focusable, initial_date_time: [false, whole(0)] }),
  rich_text_input: members({
    ...focusable,
    placeholder: [false, plain(150)],
    initial_value: [false, anything],
    min_lines: [false, whole(1, 100)],
    max_lines: [false, whole(1, 100)],
  }),
});

const opinion = members({ ...labelled, value: chars(2_000) });

export const contextAction = byType({
  feedback_buttons: members({
    type: kind,
    action_id: [false, chars(255)],
    positive_button: opinion,
    negative_button: opinion,
  }),
  icon_button: members({
    ...usable,
    ...labelled,
    icon: chars(255),
    value: [false, chars(2_000)],
    visible_to_user_ids: [false, items(1, 100, chars(255))],
  }),
});
