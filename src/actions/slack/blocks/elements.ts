import { Type, type TObject, type TProperties, type TSchema } from '@sinclair/typebox';
import { atLeastOneOf } from '../../common/param-types.js';
import { richText } from './rich-text.js';
import { anyText, closed, code, flag, list, oneOf, plainText, typed, url, words } from './texts.js';

/** Slack's own limits, in characters. */
const LONGEST = { id: 255, label: 75, value: 2_000, option: 150, placeholder: 150, alternative: 2_000 };

const id = () => Type.Optional(code(LONGEST.id));
const label = () => Type.Optional(words(LONGEST.label));
const wholeNumber = (minimum: number, maximum = Number.MAX_SAFE_INTEGER) =>
  Type.Optional(Type.Integer({ minimum, maximum }));
const style = () => Type.Optional(oneOf('primary', 'danger'));

const confirm = () =>
  Type.Optional(
    closed({
      title: Type.Optional(plainText(100)),
      text: anyText(300),
      confirm: Type.Optional(plainText(30)),
      deny: Type.Optional(plainText(30)),
      style: style(),
    }),
  );

/** What is there of every element that people can use. */
function interactive(type: string, members: TProperties): TObject {
  return typed(type, { action_id: id(), ...members });
}

const option = (text: TSchema) =>
  closed({
    text,
    value: Type.Optional(code(LONGEST.option)),
    url: Type.Optional(url()),
    description: Type.Optional(plainText(LONGEST.label)),
  });
const menuOption = option(plainText(LONGEST.label));
const choice = option(anyText(LONGEST.label));

/** An image by its URL, or by its file in Slack. */
export const IMAGE_SOURCE = {
  image_url: Type.Optional(url()),
  slack_file: Type.Optional(
    closed(
      { id: Type.Optional(code(LONGEST.id)), url: Type.Optional(url()) },
      { ...atLeastOneOf('id', 'url') },
    ),
  ),
  alt_text: words(LONGEST.alternative),
};

export const imageElement = typed('image', IMAGE_SOURCE, atLeastOneOf('image_url', 'slack_file'));

export const button = interactive('button', {
  text: plainText(LONGEST.label),
  url: Type.Optional(url()),
  value: Type.Optional(code(LONGEST.value)),
  style: style(),
  confirm: confirm(),
  accessibility_label: label(),
});

const workflowButton = interactive('workflow_button', {
  text: plainText(LONGEST.label),
  workflow: closed({
    trigger: closed({
      url: url('https'),
      customizable_input_parameters: Type.Optional(
        list(closed({ name: code(LONGEST.id), value: code(LONGEST.value) }), 1),
      ),
    }),
  }),
  style: style(),
  accessibility_label: label(),
});

/** A menu with one choice, and the same with several. */
function menus(of: string, initial: string, value: TSchema, members: TProperties = {}): TObject[] {
  const shared = {
    placeholder: Type.Optional(plainText(LONGEST.placeholder)),
    confirm: confirm(),
    focus_on_load: flag,
    ...members,
  };
  return [
    interactive(`${of}_select`, {
      ...shared,
      response_url_enabled: flag,
      [`initial_${initial}`]: Type.Optional(value),
    }),
    interactive(`multi_${of}_select`, {
      ...shared,
      max_selected_items: wholeNumber(1),
      [`initial_${initial}s`]: Type.Optional(list(value, 1)),
    }),
  ];
}

const options = { options: Type.Optional(list(menuOption, 1, 100)) };
const optionGroups = {
  option_groups: Type.Optional(
    list(closed({ label: plainText(LONGEST.label), options: list(menuOption, 1, 100) }), 1, 100),
  ),
};
const conversations = {
  default_to_current_conversation: flag,
  filter: Type.Optional(
    closed({
      include: Type.Optional(list(oneOf('im', 'mpim', 'private', 'public'), 1)),
      exclude_external_shared_channels: flag,
      exclude_bot_users: flag,
    }),
  ),
};

const buttonsAndMenus = [
  button,
  workflowButton,
  interactive('overflow', { options: list(menuOption, 1, 5), confirm: confirm() }),
  ...menus('static', 'option', menuOption, { ...options, ...optionGroups }),
  ...menus('external', 'option', menuOption, { min_query_length: wholeNumber(0) }),
  ...menus('users', 'user', code(LONGEST.id)),
  ...menus('channels', 'channel', code(LONGEST.id)),
  ...menus('conversations', 'conversation', code(LONGEST.id), conversations),
];

const pickers = [
  ...(['date', 'time'] as const).map((what) =>
    interactive(`${what}picker`, {
      [`initial_${what}`]: Type.Optional(code(LONGEST.id)),
      ...(what === 'time' ? { timezone: id() } : {}),
      placeholder: Type.Optional(plainText(LONGEST.placeholder)),
      confirm: confirm(),
      focus_on_load: flag,
    }),
  ),
  interactive('checkboxes', {
    options: list(choice, 1, 10),
    initial_options: Type.Optional(list(choice, 1, 10)),
    confirm: confirm(),
    focus_on_load: flag,
  }),
  interactive('radio_buttons', {
    options: list(choice, 1, 10),
    initial_option: Type.Optional(choice),
    confirm: confirm(),
    focus_on_load: flag,
  }),
];

export const accessory = Type.Union([imageElement, ...buttonsAndMenus, ...pickers]);

export const actionElement = Type.Union([
  ...buttonsAndMenus,
  ...pickers,
  interactive('datetimepicker', {
    initial_date_time: wholeNumber(0),
    confirm: confirm(),
    focus_on_load: flag,
  }),
  interactive('rich_text_input', {
    initial_value: Type.Optional(richText),
    placeholder: Type.Optional(plainText(LONGEST.placeholder)),
    focus_on_load: flag,
    min_lines: wholeNumber(1, 100),
    max_lines: wholeNumber(1, 100),
  }),
]);

const feedback = closed({
  text: plainText(LONGEST.label),
  value: code(LONGEST.value),
  accessibility_label: label(),
});

export const contextAction = Type.Union([
  interactive('feedback_buttons', { positive_button: feedback, negative_button: feedback }),
  interactive('icon_button', {
    icon: code(LONGEST.id),
    text: plainText(LONGEST.label),
    value: Type.Optional(code(LONGEST.value)),
    visible_to_user_ids: Type.Optional(list(code(LONGEST.id), 1)),
    confirm: confirm(),
    accessibility_label: label(),
  }),
]);
