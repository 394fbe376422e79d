import type { JsonObject } from '../../contracts/json.js';
import type { Position } from '../loading/problem.js';
import { didYouMean, positionAt, TemplateError, type TemplateWarning } from './template-error.js';
import type { TemplateScope } from './template-scope.js';

/** A Marketo token of a text, and the variable that stands for it in the rewritten text. */
export interface MarketoToken {
  readonly variable: string;
  /** The field of the lead that it reads, by the name that was typed or the one in the data; undefined for others. */
  readonly leadField?: string;
  readonly resolve: (scope: TemplateScope) => unknown;
}

export interface RewrittenText {
  /** As long as the original, character by character, so that positions stay true. */
  readonly text: string;
  readonly tokens: readonly MarketoToken[];
  readonly warnings: readonly TemplateWarning[];
}

const TOKEN_SCOPES = ['lead', 'company', 'program', 'campaign', 'member', 'trigger', 'my', 'system'] as const;
type TokenScope = (typeof TOKEN_SCOPES)[number];

const OUTPUT = new RegExp(
  String.raw`(\{\{-?\s*)(${TOKEN_SCOPES.join('|')})\.([^|{}[\]'"]+?)(?=\s*(?:\||-?\}\}))`,
  'gi',
);
const TAG = /\{%[\s\S]*?%\}/g;
const NAME_IN_TAG = /'[^']*'|"[^"]*"|\b(lead|trigger)\.([A-Za-z_]\w*)(?![\w.[-])/g;

/** Field names as people type them (`Email Address`) whose name in the data is a different word. */
const DATA_NAMES: Readonly<Record<string, string>> = { emailaddress: 'email' };

/**
 * Finds Marketo's tokens, `{{lead.First Name:default=there}}`, which Liquid cannot read, and puts a variable of
 * ours in the place of each.
 */
export function rewriteMarketoTokens(text: string): RewrittenText {
  const tokens: MarketoToken[] = [];
  const warnings: TemplateWarning[] = [];
  const standIn = (original: string, token: Omit<MarketoToken, 'variable'>): string => {
    const variable = `_${tokens.length.toString(36)}`;
    tokens.push({ variable, ...token });
    return variable.padEnd(original.length);
  };
  const outputs = text.replace(
    OUTPUT,
    (match: string, open: string, family: string, rest: string, offset: number) => {
      const scope = family.toLowerCase() as TokenScope;
      const position = positionAt(text, offset + open.length);
      if (isLiquidPath(scope, rest)) return match;
      const { name, fallback } = splitDefault(rest, position);
      const read = READERS[scope](fold(name));
      if (read === undefined) {
        const instead = fallback === '' ? 'nothing' : `"${fallback}"`;
        warnings.push({
          ...position,
          message: `The value of {{${scope}.${name}}} is not known here; it will read ${instead}.`,
        });
      }
      return (
        open +
        standIn(match.slice(open.length), {
          ...leadField(scope, name),
          resolve: (facts) => presentOr(read?.(facts), fallback),
        })
      );
    },
  );
  const rewritten = outputs.replace(TAG, (tag) =>
    tag.replace(NAME_IN_TAG, (match: string, family?: 'lead' | 'trigger', name?: string) => {
      if (family === undefined || name === undefined) return match;
      const resolve = READERS[family](fold(name));
      return resolve === undefined ? match : standIn(match, { ...leadField(family, name), resolve });
    }),
  );
  return { text: rewritten, tokens, warnings };
}

function leadField(scope: TokenScope, name: string): { readonly leadField?: string } {
  return scope === 'lead' ? { leadField: DATA_NAMES[fold(name)] ?? name } : {};
}

/** `lead.address.city` walks into a value; a Marketo name with a dot in it would have spaces around. */
function isLiquidPath(scope: TokenScope, rest: string): boolean {
  return scope === 'lead' && /^\w+(\.\w+)+$/.test(rest);
}

function splitDefault(rest: string, position: Position): { name: string; fallback: string } {
  const colon = rest.indexOf(':');
  if (colon < 0) return { name: rest.trim(), fallback: '' };
  const option = /^:\s*default\s*=([\s\S]*)$/i.exec(rest.slice(colon));
  if (option?.[1] === undefined) {
    const word = /^:\s*(\w*)/.exec(rest.slice(colon))?.[1] ?? '';
    const hint = didYouMean(word, ['default']);
    throw new TemplateError(
      `Only \`:default=…\` can follow the name of a token, not \`:${word}\`.${hint}`,
      position,
    );
  }
  return { name: rest.slice(0, colon).trim(), fallback: option[1].trim() };
}

type Reader = (scope: TemplateScope) => unknown;

const never = (): undefined => undefined;

/** For each family of tokens: how a folded name is read, or undefined when we cannot know its value. */
const READERS: Readonly<Record<TokenScope, (name: string) => Reader | undefined>> = {
  lead: (name) => (scope) => byName(scope.lead, name) ?? byName(scope.lead, DATA_NAMES[name] ?? name),
  trigger: (name) => (scope) =>
    byName(scope.attributes, name) ??
    (name === 'name' ? own(scope.data, 'primaryAttributeValue') : undefined),
  campaign: (name) => ofData({ id: 'campaignId', name: 'campaignName' }, name),
  program: (name) => ofData({ id: 'programId', name: 'programName' }, name),
  system: (name) => SYSTEM_TOKENS[name],
  company: never,
  member: never,
  my: never,
};

function ofData(members: { readonly id: string; readonly name: string }, name: string): Reader | undefined {
  if (name !== 'id' && name !== 'name') return undefined;
  return (scope) => own(scope.data, members[name]);
}

/** The system tokens of time, in the forms that Marketo's documentation shows; of the event's time, in UTC. */
const SYSTEM_TOKENS: Readonly<Record<string, Reader>> = Object.assign(
  Object.create(null) as Record<string, Reader>,
  {
    date: ({ time }: TemplateScope) => {
      const { month, day, year } = clockParts(time);
      return `${month} ${day}, ${year}`;
    },
    time: ({ time }: TemplateScope) => {
      const { hour, minute, dayPeriod } = clockParts(time);
      return `${hour}:${minute} ${dayPeriod} (GMT +0000)`;
    },
    datetime: ({ time }: TemplateScope) => time.slice(0, 19).replace('T', ' '),
  },
);

const CLOCK = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'short',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hour12: true,
});

type ClockPart = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'dayPeriod';

function clockParts(time: string): Record<ClockPart, string> {
  const parts = CLOCK.formatToParts(new Date(time)).map(({ type, value }) => [type, value] as const);
  return Object.fromEntries(parts) as Record<ClockPart, string>;
}

/** Names are compared without regard to case, spaces and underscores. */
function fold(name: string): string {
  return name.toLowerCase().replace(/[\s_]+/g, '');
}

function byName(object: JsonObject, folded: string): unknown {
  const key = Object.keys(object).find((candidate) => fold(candidate) === folded);
  return key === undefined ? undefined : object[key];
}

function own(object: JsonObject, member: string): unknown {
  return Object.hasOwn(object, member) ? object[member] : undefined;
}

function presentOr(value: unknown, fallback: string): unknown {
  return value === undefined || value === null || value === '' ? fallback : value;
}
