import { Type, type TObject, type TProperties, type TSchema } from '@sinclair/typebox';
import type { Landing } from '../../../contracts/action-kind.js';
import type { UrlForm } from './urls.js';

/** What a text must be once its templates are rendered. */
export interface Fit {
  /** In characters. */
  readonly longest: number;
  /** A longer one is cut and an empty one is shown as a dash; otherwise both are refused, since a part of it is worth nothing. */
  readonly cut?: true;
  /** Texts of the same name share `longest` over the whole message. */
  readonly shared?: string;
  readonly form?: UrlForm;
}

/** A text that people read. */
export function words(longest: number, landing: Landing = 'slack', shared?: string): TSchema {
  return Type.String({ landing, fit: { longest, cut: true, ...(shared === undefined ? {} : { shared }) } });
}

/** A text that programs read, such as an id. */
export function code(longest: number): TSchema {
  return Type.String({ landing: 'text', fit: { longest } });
}

export function url(form: UrlForm = 'http'): TSchema {
  return Type.String({ landing: 'text', fit: { longest: 3_000, form } });
}

/** One of these words, which no template can make. */
export function oneOf(...choices: readonly string[]): TSchema {
  return Type.Union(choices.map((choice) => Type.Literal(choice)));
}

/** An object that is told from others in its place by `type`. */
export function typed(type: string, members: TProperties, options: object = {}): TObject {
  return closed({ type: Type.Literal(type), ...members }, options);
}

export function closed(members: TProperties, options: object = {}): TObject {
  return Type.Object(members, { additionalProperties: false, ...options });
}

export function list(of: TSchema, least: number, most?: number): TSchema {
  return Type.Array(of, { minItems: least, ...(most === undefined ? {} : { maxItems: most }) });
}

export const flag = Type.Optional(Type.Boolean());

export function plainText(longest: number): TObject {
  return typed('plain_text', { text: words(longest), emoji: flag });
}

export function mrkdwn(longest: number): TObject {
  return typed('mrkdwn', { text: words(longest), verbatim: flag });
}

/** Both of Slack's text objects. */
export function texts(longest: number): TObject[] {
  return [plainText(longest), mrkdwn(longest)];
}

export function anyText(longest: number): TSchema {
  return Type.Union(texts(longest));
}
