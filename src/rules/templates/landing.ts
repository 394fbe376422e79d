import type { Landing } from '../../contracts/action-kind.js';

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// What begins a link, an image, code or emphasis, anywhere in a line; a title or a row of a table at its beginning.
const MARKDOWN_SIGNS = /[\\`*_~[\]#|]/g;

// Line breaks end a header and control characters confuse mail programs; U+2028 and U+2029 are line breaks too.
// eslint-disable-next-line no-control-regex
const UNFIT_FOR_HEADERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/**
 * Escapes a value for where it lands. Slack reads only `&`, `<` and `>` as control characters, so that a
 * `<!channel>` typed into a form field stays text; `*`, `_` and `~` can at worst embolden something. In Markdown a link
 * may hide where it leads behind a text, so every sign of Markdown becomes one of text. Half of a character, which strict
 * receivers refuse, becomes U+FFFD.
 */
export function escapeFor(landing: Landing, value: string): string {
  const text = value.replaceAll('\0', '').toWellFormed();
  switch (landing) {
    case 'slack':
      return text.replace(/[&<>]/g, (char) => HTML_ENTITIES[char] ?? char);
    case 'markdown':
      return text
        .replace(/[&<>]/g, (char) => HTML_ENTITIES[char] ?? char)
        .replace(MARKDOWN_SIGNS, (sign) => `\\${sign}`);
    case 'html':
      return text.replace(/[&<>"']/g, (char) => HTML_ENTITIES[char] ?? char);
    case 'header':
      return text.replace(UNFIT_FOR_HEADERS, ' ');
    case 'text':
      return text;
  }
}

/** Any JSON value as a person would want to read it; nothing for a missing one. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.map(toText).join(', ');
  return JSON.stringify(value);
}
