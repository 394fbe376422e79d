import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import type { SlackParams } from './slack.params.js';

/** Slack's own limits, in characters. */
const LONGEST = {
  message: 40_000,
  text: 3_000,
  field: 2_000,
  header: 150,
  button: 75,
  markdown: 12_000,
} as const;

export interface SlackMessage {
  readonly text?: string;
  readonly blocks?: readonly JsonObject[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/**
 * The message as Slack takes it. Texts above Slack's limits are cut and end in an ellipsis, because a refused message
 * helps nobody; `cuts` says which, for the record.
 */
export function slackMessage(params: SlackParams): { message: SlackMessage; cuts: readonly string[] } {
  const cuts: string[] = [];
  const cut = (text: string, longest: number, what: string): string => {
    if (text.length <= longest) return text;
    cuts.push(`${what} cut from ${text.length} to ${longest} characters`);
    return shorten(text, longest);
  };
  const fit = (value: unknown, longest: number, what: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => fit(item, longest, what));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        const limit = limitInside(name, value, longest);
        return typeof member === 'string'
          ? [name, name === 'text' ? cut(member, limit, what) : member]
          : [name, fit(member, limit, what)];
      }),
    );
  };
  const message: SlackMessage = {
    ...(params.text === undefined ? {} : { text: cut(params.text, LONGEST.message, 'text') }),
    ...(params.blocks === undefined
      ? {}
      : { blocks: params.blocks.map((b, i) => fit(b, LONGEST.text, `blocks[${i}]`) as JsonObject) }),
    unfurl_links: false,
    unfurl_media: false,
  };
  return { message, cuts };
}

function limitInside(member: string, owner: JsonObject, longest: number): number {
  if (member === 'fields') return LONGEST.field;
  if (owner['type'] === 'header') return LONGEST.header;
  if (owner['type'] === 'button') return LONGEST.button;
  if (owner['type'] === 'markdown') return LONGEST.markdown;
  return longest;
}

/** Neither half a character nor half an entity such as `&amp;` is left at the end. */
function shorten(text: string, longest: number): string {
  const kept = text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept.replace(/&[a-z]{0,3}$/, '')}…`;
}
