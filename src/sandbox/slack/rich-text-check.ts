import { bool, byType, chars, type Check, items, link, members, whole, word } from './checks.js';

const anything: Check = () => [];
const MANY = 1_000;

function inline(of: Parameters<typeof members>[0]): Check {
  const flag = [false, bool] as const;
  const style = members({ bold: flag, italic: flag, strike: flag, underline: flag, code: flag });
  return members({ type: anything, style: [false, style], ...of });
}

const text = inline({ text: chars(3_000) });
const linked = inline({ url: link(), text: [false, chars(3_000)], unsafe: [false, bool] });

const elements = items(
  1,
  MANY,
  byType({
    text,
    link: linked,
    emoji: inline({ name: chars(255), unicode: [false, chars(255)], url: [false, link()] }),
    user: inline({ user_id: chars(255) }),
    usergroup: inline({ usergroup_id: chars(255) }),
    channel: inline({ channel_id: chars(255) }),
    team: inline({ team_id: chars(255) }),
    broadcast: inline({ range: word('here', 'channel', 'everyone') }),
    color: inline({ value: chars(255) }),
    date: inline({
      timestamp: whole(0),
      format: chars(255),
      url: [false, link()],
      fallback: [false, chars(3_000)],
    }),
  }),
);

const border = [false, whole(0, 1)] as const;
const section = members({ type: anything, elements });

export const richText = members({
  type: anything,
  block_id: [false, chars(255)],
  elements: items(
    1,
    MANY,
    byType({
      rich_text_section: section,
      rich_text_quote: members({ type: anything, elements, border }),
      rich_text_preformatted: members({
        type: anything,
        elements: items(1, MANY, byType({ text, link: linked })),
        border,
      }),
      rich_text_list: members({
        type: anything,
        elements: items(1, MANY, byType({ rich_text_section: section })),
        style: word('bullet', 'ordered'),
        indent: [false, whole(0, 8)],
        offset: [false, whole(0)],
        border,
      }),
    }),
  ),
});
