import { LiquidError, type Liquid, type StaticAnalysis, type Template as LiquidTemplate } from 'liquidjs';
import type { Landing } from '../../contracts/action-kind.js';
import { remembering } from '../engine/remembering.js';
import type { Position } from '../loading/problem.js';
import { isJsonObject } from '../../contracts/json.js';
import { escapeFor, toText } from './landing.js';
import {
  engineFor,
  FILTER_NAMES,
  MAX_TEXT,
  renderBounded,
  TAG_NAMES,
  valueBounded,
} from './liquid-engine.js';
import { leadFieldsIn, type LeadFields } from './lead-fields.js';
import { rewriteMarketoTokens, type MarketoToken } from './marketo-tokens.js';
import { didYouMean, positionAt, TemplateError, type TemplateWarning } from './template-error.js';
import { SCOPE_NAMES, type TemplateScope } from './template-scope.js';

/** Something that a template names, as far as it is known before it is rendered: `facts`, `count`. */
export interface TemplateUse extends Position {
  readonly names: readonly string[];
}

export interface Template {
  readonly warnings: readonly TemplateWarning[];
  /** Fields of the lead that it reads. */
  readonly leadFields: LeadFields;
  readonly uses: readonly TemplateUse[];
  /** Throws `TemplateError` when the text grows over its bounds or a filter cannot work on a value. */
  render(scope: TemplateScope): unknown;
}

/**
 * Compiles a text with Liquid and Marketo tokens for the place where it will land. The author's own words stay as
 * they are, values are escaped. Throws `TemplateError` for anything that can be known to be wrong before an event.
 *
 * @param keepsType a text that is one template and nothing else is rendered as the value that it names
 */
export function compileTemplate(text: string, landing: Landing, keepsType = false): Template {
  return text.length > LONG_TEXT ? compile(text, landing, keepsType) : compilerFor(landing, keepsType)(text);
}

/** Shorter texts are compiled once, though they are checked again at every reload and stand in many rules. */
const LONG_TEXT = 2_048;

const compilers = new Map<string, (text: string) => Template>();

function compilerFor(landing: Landing, keepsType: boolean): (text: string) => Template {
  const name = `${landing} ${String(keepsType)}`;
  const known = compilers.get(name) ?? remembering((text) => compile(text, landing, keepsType));
  compilers.set(name, known);
  return known;
}

function compile(text: string, landing: Landing, keepsType: boolean): Template {
  if (text.length > MAX_TEXT) {
    throw new TemplateError(`The text is longer than ${String(MAX_TEXT)} characters.`, {
      line: 1,
      column: 1,
    });
  }
  if (!/\{\{|\{%/.test(text)) {
    return { warnings: [], leadFields: [], uses: [], render: () => finish(landing, text) };
  }
  const { text: liquidText, tokens, warnings } = rewriteMarketoTokens(text);
  refuseClock(liquidText);
  const isValue = keepsType && ONE_OUTPUT.test(text);
  const engine = engineFor(isValue ? 'value' : landing);
  const parsed = parse(engine, liquidText);
  const variables = engine.analyzeSync(parsed, { partials: false });
  checkNames(variables, tokens);
  return {
    warnings,
    leadFields: leadFieldsIn(variables, tokens),
    uses: usesIn(variables),
    render: (scope) => {
      try {
        const known = variablesOf(scope, tokens);
        if (isValue) return jsonOf(valueBounded(engine, parsed, known));
        return finish(landing, renderBounded(engine, parsed, known));
      } catch (error) {
        throw asTemplateError(error, 'The text cannot be rendered');
      }
    },
  };
}

const ONE_OUTPUT = /^\{\{(?:(?!\{\{|\}\}|\{%)[^])*\}\}$/;

/** What is no JSON, such as an infinite number, becomes a text. */
function jsonOf(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'string':
      return escapeFor('text', value);
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : toText(value);
    default:
      return value === null || Array.isArray(value) || isJsonObject(value) ? value : toText(value);
  }
}

function usesIn({ globals }: StaticAnalysis): TemplateUse[] {
  return Object.values(globals)
    .flat()
    .map(({ segments, location }) => {
      const unknown = segments.findIndex((segment) => typeof segment !== 'string');
      const names = (unknown < 0 ? segments : segments.slice(0, unknown)) as readonly string[];
      return { names, ...placeOf(location) };
    });
}

/** A header stays one line even where the author's own words are not. */
function finish(landing: Landing, text: string): string {
  return landing === 'header' ? escapeFor('header', text) : text;
}

function variablesOf(scope: TemplateScope, tokens: readonly MarketoToken[]): object {
  const variables = Object.assign(Object.create(null) as Record<string, unknown>, scope);
  for (const { variable, resolve } of tokens) variables[variable] = resolve(scope);
  return variables;
}

function refuseClock(text: string): void {
  const found = /(['"])(?:now|today)\1\s*\|\s*date\b/.exec(text);
  if (found === null) return;
  const message =
    'A template has no clock, so that it says the same whenever it is rendered. Use `time`, the time of the event.';
  throw new TemplateError(message, positionAt(text, found.index));
}

function parse(engine: Liquid, text: string): LiquidTemplate[] {
  try {
    return engine.parse(text);
  } catch (error) {
    throw asTemplateError(error, 'The template cannot be read');
  }
}

function checkNames({ globals, locals }: StaticAnalysis, tokens: readonly MarketoToken[]): void {
  const allowed = new Set([...SCOPE_NAMES, ...tokens.map(({ variable }) => variable)]);
  for (const [name, uses] of Object.entries(globals)) {
    const root = String(uses[0]?.segments[0] ?? name);
    if (allowed.has(root)) continue;
    const hint = didYouMean(root, SCOPE_NAMES) || ` There are ${[...SCOPE_NAMES].join(', ')}.`;
    throw new TemplateError(`There is no \`${root}\` here.${hint}`, placeOf(uses[0]?.location));
  }
  for (const [name, uses] of Object.entries(locals)) {
    if (!allowed.has(name)) continue;
    throw new TemplateError(
      `\`${name}\` is a fact and cannot be assigned to; choose another name.`,
      placeOf(uses[0]?.location),
    );
  }
}

function placeOf(location: { row: number; col: number } | undefined): Position {
  return { line: location?.row ?? 1, column: location?.col ?? 1 };
}

function asTemplateError(error: unknown, what: string): TemplateError {
  if (error instanceof TemplateError) return error;
  if (!(error instanceof Error)) return new TemplateError(`${what}.`, { line: 1, column: 1 });
  const [line = 1, column = 1] = LiquidError.is(error) ? error.token.getPosition() : [];
  return new TemplateError(explain(error.message.replace(/, line:\d+, col:\d+$/, ''), what), {
    line,
    column,
  });
}

function explain(message: string, what: string): string {
  const filter = /^undefined filter: (.+)$/.exec(message)?.[1];
  if (filter !== undefined) return `There is no filter \`${filter}\`.${didYouMean(filter, FILTER_NAMES)}`;
  const tag = /^tag "(.+)" not found$/.exec(message)?.[1];
  if (tag !== undefined) return `There is no tag \`${tag}\`.${didYouMean(tag, TAG_NAMES)}`;
  const allocation = message === 'memory alloc limit exceeded';
  return `${what}: ${allocation ? 'a loop or a filter makes too much of a value.' : message}`;
}
