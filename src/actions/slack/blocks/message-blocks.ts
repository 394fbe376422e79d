import { Type, type TObject, type TProperties } from '@sinclair/typebox';
import { atLeastOneOf } from '../../common/param-types.js';
import { accessory, actionElement, button, contextAction, IMAGE_SOURCE, imageElement } from './elements.js';
import { richText } from './rich-text.js';
import { dataTable, table } from './tables.js';
import { anyText, code, flag, list, mrkdwn, oneOf, plainText, texts, typed, url, words } from './texts.js';

/** Slack's own limits, in characters. */
const LONGEST = { id: 255, text: 3_000, field: 2_000, header: 150, title: 2_000, markdown: 12_000 };
const CARD = { title: 150, body: 200 };
/** Slack says less than 200 and less than 50. */
const VIDEO = { title: 199, author: 49, description: 200 };

function block(type: string, members: TProperties, options: object = {}): TObject {
  return typed(type, { block_id: Type.Optional(code(LONGEST.id)), ...members }, options);
}

const section = block(
  'section',
  {
    text: Type.Optional(anyText(LONGEST.text)),
    fields: Type.Optional(list(anyText(LONGEST.field), 1, 10)),
    accessory: Type.Optional(accessory),
    expand: flag,
  },
  atLeastOneOf('text', 'fields'),
);

const image = block(
  'image',
  { ...IMAGE_SOURCE, title: Type.Optional(plainText(LONGEST.title)) },
  atLeastOneOf('image_url', 'slack_file'),
);

const video = block('video', {
  video_url: url('https'),
  thumbnail_url: url(),
  alt_text: words(LONGEST.title),
  title: plainText(VIDEO.title),
  title_url: Type.Optional(url('https')),
  author_name: Type.Optional(words(VIDEO.author)),
  provider_name: Type.Optional(words(LONGEST.id)),
  provider_icon_url: Type.Optional(url()),
  description: Type.Optional(plainText(VIDEO.description)),
});

const card = block(
  'card',
  {
    hero_image: Type.Optional(imageElement),
    icon: Type.Optional(imageElement),
    title: Type.Optional(mrkdwn(CARD.title)),
    subtitle: Type.Optional(mrkdwn(CARD.title)),
    body: Type.Optional(mrkdwn(CARD.body)),
    actions: Type.Optional(list(button, 1)),
  },
  atLeastOneOf('hero_image', 'title', 'actions', 'body'),
);

/** Those that may also stand inside a container. */
const plainBlocks = [
  section,
  block('header', { text: plainText(LONGEST.header) }),
  block('context', { elements: list(Type.Union([imageElement, ...texts(LONGEST.text)]), 1, 10) }),
  block('actions', { elements: list(actionElement, 1, 25) }),
  block('divider', {}),
  image,
  richText,
  table,
  video,
];

const container = block(
  'container',
  {
    title: Type.Optional(plainText(CARD.title)),
    rich_text_title: Type.Optional(richText),
    subtitle: Type.Optional(anyText(CARD.title)),
    icon: Type.Optional(imageElement),
    child_blocks: list(Type.Union(plainBlocks), 1, 10),
    width: Type.Optional(oneOf('narrow', 'standard', 'wide', 'full')),
    is_collapsible: flag,
    default_collapsed: flag,
    has_header_divider: flag,
  },
  atLeastOneOf('title', 'rich_text_title'),
);

const taskCard = block('task_card', {
  task_id: code(LONGEST.id),
  title: words(LONGEST.text),
  details: Type.Optional(richText),
  output: Type.Optional(richText),
  sources: Type.Optional(list(typed('url', { url: url(), text: words(LONGEST.text) }), 1)),
  status: oneOf('pending', 'in_progress', 'complete', 'error'),
});

const blocks = [
  ...plainBlocks,
  // It is Markdown, not mrkdwn, so its values are escaped in another way.
  block('markdown', { text: words(LONGEST.markdown, 'markdown', 'all markdown blocks') }),
  block('context_actions', { elements: list(contextAction, 1, 5) }),
  block('alert', {
    text: anyText(LONGEST.text),
    level: Type.Optional(oneOf('default', 'info', 'warning', 'error', 'success')),
  }),
  card,
  block('carousel', { elements: list(card, 1, 10) }),
  container,
  dataTable,
  taskCard,
  block('plan', { title: words(LONGEST.text), tasks: Type.Optional(list(taskCard, 1)) }),
];

/** Every block that can stand in a message, in Slack's words and within Slack's counts. */
export const messageBlock = Type.Union(blocks);

export const BLOCK_TYPES = blocks.map(({ properties }) => String(properties['type']?.['const']));
