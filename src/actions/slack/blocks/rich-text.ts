import { Type, type TObject, type TProperties } from '@sinclair/typebox';
import { closed, code, flag, list, oneOf, typed, url, words } from './texts.js';

const LONGEST = { text: 3_000, id: 255 };

/** Rich text is shown as it is: Slack reads no control characters in it, so nothing in it is escaped. */
const text = words(LONGEST.text, 'text');
const id = code(LONGEST.id);

function inline(type: string, members: TProperties): TObject {
  const style = closed({ bold: flag, italic: flag, strike: flag, underline: flag, code: flag });
  return typed(type, { ...members, style: Type.Optional(style) });
}

const textElement = inline('text', { text });
const linkElement = inline('link', { url: url(), text: Type.Optional(text), unsafe: flag });

const inlineElement = Type.Union([
  textElement,
  linkElement,
  inline('emoji', { name: id, unicode: Type.Optional(id), url: Type.Optional(url()) }),
  inline('user', { user_id: id }),
  inline('usergroup', { usergroup_id: id }),
  inline('channel', { channel_id: id }),
  inline('team', { team_id: id }),
  inline('broadcast', { range: oneOf('here', 'channel', 'everyone') }),
  inline('color', { value: id }),
  inline('date', {
    timestamp: Type.Integer({ minimum: 0 }),
    format: id,
    url: Type.Optional(url()),
    fallback: Type.Optional(text),
  }),
]);

const border = Type.Optional(Type.Integer({ minimum: 0, maximum: 1 }));
const section = typed('rich_text_section', { elements: list(inlineElement, 1) });

/** Formatted text of elements, the way Slack's own composer writes it. */
export const richText = typed('rich_text', {
  block_id: Type.Optional(id),
  elements: list(
    Type.Union([
      section,
      typed('rich_text_list', {
        elements: list(section, 1),
        style: oneOf('bullet', 'ordered'),
        indent: Type.Optional(Type.Integer({ minimum: 0, maximum: 8 })),
        offset: Type.Optional(Type.Integer({ minimum: 0 })),
        border,
      }),
      typed('rich_text_quote', { elements: list(inlineElement, 1), border }),
      typed('rich_text_preformatted', { elements: list(Type.Union([textElement, linkElement]), 1), border }),
    ]),
    1,
  ),
});
