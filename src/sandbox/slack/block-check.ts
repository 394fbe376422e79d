import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import {
  bool,
  byType,
  chars,
  type Check,
  finite,
  items,
  link,
  members,
  twice,
  whole,
  word,
} from './checks.js';
import {
  accessory,
  actionElement,
  button,
  contextAction,
  image,
  imageMembers,
  mrkdwn,
  plain,
  text,
} from './element-check.js';
import { richText } from './rich-text-check.js';

const HTTPS = /^https:\/\/[^\s/]/;
const MOST_BLOCKS = 50;
const MARKDOWN = 12_000;
const CELLS = 10_000;

const anything: Check = () => [];

function block(of: Parameters<typeof members>[0], either: readonly string[] = []): Check {
  return members({ type: anything, block_id: [false, chars(255)], ...of }, either);
}

const card = block(
  {
    hero_image: [false, image],
    icon: [false, image],
    title: [false, mrkdwn(150)],
    subtitle: [false, mrkdwn(150)],
    body: [false, mrkdwn(200)],
    actions: [false, items(1, 25, button)],
  },
  ['hero_image', 'title', 'actions', 'body'],
);

const cell = byType({
  raw_text: members({ type: anything, text: chars(CELLS) }),
  raw_number: members({ type: anything, value: finite, text: chars(CELLS) }),
  rich_text: richText,
});

const row = items(1, 20, cell);

const evenRows: Check = (rows, at) => {
  const wrong = items(2, 101, row)(rows, at);
  if (wrong.length > 0) return wrong;
  const [head, ...others] = rows as readonly JsonObject[][];
  const uneven = others.some((other) => other.length !== head?.length);
  if (uneven) return [`rows must have the same number of cells [json-pointer:${at}]`];
  const isRich = head?.some(({ type }) => type === 'rich_text') === true;
  return isRich ? [`rich_text is not supported in the header [json-pointer:${at}/0]`] : [];
};

const inContainers: Readonly<Record<string, Check>> = {
  actions: block({ elements: items(1, 25, actionElement) }),
  context: block({
    elements: items(1, 10, byType({ image, plain_text: plain(3_000), mrkdwn: mrkdwn(3_000) })),
  }),
  divider: block({}),
  header: block({ text: plain(150) }),
  image: block({ ...imageMembers, title: [false, plain(2_000)] }, ['image_url', 'slack_file']),
  rich_text: richText,
  section: block(
    {
      text: [false, text(3_000)],
      fields: [false, items(1, 10, text(2_000))],
      accessory: [false, accessory],
      expand: [false, bool],
    },
    ['text', 'fields'],
  ),
  table: block({
    rows: items(1, 100, row),
    column_settings: [
      false,
      items(1, 20, members({ align: [false, word('left', 'center', 'right')], is_wrapped: [false, bool] })),
    ],
  }),
  video: block({
    video_url: link(HTTPS),
    thumbnail_url: link(),
    alt_text: chars(2_000),
    title: plain(199),
    title_url: [false, link(HTTPS)],
    author_name: [false, chars(49)],
    provider_name: [false, chars(255)],
    provider_icon_url: [false, link()],
    description: [false, plain(200)],
  }),
};

const taskCard = block({
  task_id: chars(255),
  title: chars(3_000),
  details: [false, richText],
  output: [false, richText],
  sources: [false, items(1, 100, members({ type: word('url'), url: link(), text: chars(3_000) }))],
  status: word('pending', 'in_progress', 'complete', 'error'),
});

const inMessages: Readonly<Record<string, Check>> = {
  ...inContainers,
  alert: block({
    text: text(3_000),
    level: [false, word('default', 'info', 'warning', 'error', 'success')],
  }),
  card,
  carousel: block({ elements: items(1, 10, card) }),
  container: block(
    {
      title: [false, plain(150)],
      rich_text_title: [false, richText],
      subtitle: [false, text(150)],
      icon: [false, image],
      child_blocks: items(1, 10, byType(inContainers)),
      width: [false, word('narrow', 'standard', 'wide', 'full')],
      is_collapsible: [false, bool],
      default_collapsed: [false, bool],
      has_header_divider: [false, bool],
    },
    ['title', 'rich_text_title'],
  ),
  context_actions: block({ elements: items(1, 5, contextAction) }),
  data_table: block({
    rows: evenRows,
    caption: chars(2_000),
    page_size: [false, whole(1, 100)],
    row_header_column_index: [false, whole(0, 19)],
  }),
  markdown: block({ text: chars(MARKDOWN) }),
  plan: block({ title: chars(3_000), tasks: [false, items(1, 100, taskCard)] }),
  task_card: taskCard,
};

const AT = '/blocks';
const eachBlock = items(0, MOST_BLOCKS, byType(inMessages));

/** What Slack has against the blocks of a message, a line each. */
export function blocksProblems(blocks: unknown): string[] {
  const wrong = eachBlock(blocks, AT);
  if (wrong.length > 0) return wrong;
  const all = (blocks as readonly JsonObject[]).flatMap((each) => [each, ...childrenOf(each)]);
  const tables = all.filter(({ type }) => type === 'table' || type === 'data_table');
  const markdown = all.map((each) => (each['type'] === 'markdown' ? String(each['text']).length : 0));
  return [
    ...twice('block_id', blocks as readonly JsonObject[], AT),
    ...(blocks as readonly JsonObject[]).flatMap((each, index) =>
      twice('action_id', [each], `${AT}/${index}`),
    ),
    ...(tables.length > 1 ? [`only_one_table_allowed [json-pointer:${AT}]`] : []),
    ...(sum(markdown) > MARKDOWN ? [`markdown blocks must be less than ${MARKDOWN + 1} characters`] : []),
    ...(sum(tables.map(({ rows }) => cellChars(rows))) > CELLS ? ['the table has too many characters'] : []),
  ];
}

function childrenOf({ child_blocks: children }: JsonObject): readonly JsonObject[] {
  return Array.isArray(children) ? (children as readonly JsonObject[]) : [];
}

/** Rich text is counted elsewhere. */
function cellChars(rows: unknown): number {
  const cells = (rows as readonly unknown[]).flat().filter(isJsonObject);
  return sum(cells.map(({ text: words }) => (typeof words === 'string' ? words.length : 0)));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
