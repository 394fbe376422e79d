import {
  AssignTag,
  BreakTag,
  CaseTag,
  CommentTag,
  Context,
  ContinueTag,
  defaultOperators,
  filters as liquidFilters,
  ForTag,
  IfTag,
  InlineCommentTag,
  Liquid,
  type Operators,
  toValueSync,
  UnlessTag,
  type Emitter,
  type FilterImplOptions,
  type Template as LiquidTemplate,
} from 'liquidjs';
import type { Landing } from '../../contracts/action-kind.js';
import { escapeFor, toText } from './landing.js';

/** Longest text of a template as written and as rendered, in characters. */
export const MAX_TEXT = 32_768;
/** Most tags, values and literal pieces that one rendering may go through, loops counted as often as they turn. */
const MAX_STEPS = 10_000;
/** Liquid's own count of what filters and ranges allocate, roughly characters or elements. */
const MAX_ALLOCATION = 1_000_000;

// What is absent is absent on purpose: no files, no randomness, no clock, no second evaluation of text as code,
// nothing that marks a value as already safe.
const TAGS = {
  assign: AssignTag,
  break: BreakTag,
  case: CaseTag,
  comment: CommentTag,
  continue: ContinueTag,
  for: ForTag,
  if: IfTag,
  unless: UnlessTag,
  '#': InlineCommentTag,
};
const FILTERS = new Set(
  (
    'abs append at_least at_most base64_encode capitalize ceil compact concat date default divided_by downcase find ' +
    'first floor has join json last lstrip map minus modulo normalize_whitespace number_of_words plus prepend remove ' +
    'remove_first remove_last replace replace_first replace_last reverse round rstrip size slice slugify sort ' +
    'sort_natural split squish strip strip_newlines sum times to_integer truncate truncatewords uniq upcase ' +
    'url_encode where'
  ).split(' '),
);

export const TAG_NAMES: readonly string[] = Object.keys(TAGS);
export const FILTER_NAMES: ReadonlySet<string> = FILTERS;

const liquidDate = liquidFilters['date'] as Extract<FilterImplOptions, (...args: never[]) => unknown>;

/** Where a value goes that a template makes: into a text, or nowhere, when the value itself is meant. */
export type Use = Landing | 'value';

/** The one Liquid engine of a use; they differ only in how values are escaped. */
export function engineFor(use: Use): Liquid {
  const known = engines.get(use);
  if (known !== undefined) return known;
  const engine = createEngine(use);
  engines.set(use, engine);
  return engine;
}

const engines = new Map<Use, Liquid>();

function createEngine(use: Use): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    strictVariables: false,
    ownPropertyOnly: true,
    dynamicPartials: false,
    relativeReference: false,
    templates: {},
    parseLimit: MAX_TEXT,
    memoryLimit: MAX_ALLOCATION,
    timezoneOffset: 0,
    locale: 'en-US',
    operators: OPERATORS,
    ...(use === 'value' ? {} : { outputEscape: (value: unknown) => escapeFor(use, toText(value)) }),
  });
  for (const name of Object.keys(engine.filters)) if (!FILTERS.has(name)) engine.unregisterFilter(name);
  for (const name of Object.keys(engine.tags)) if (!(name in TAGS)) Reflect.deleteProperty(engine.tags, name);
  engine.registerFilter('date', function (value: unknown, ...rest: unknown[]) {
    return isClockWord(value) ? value : (liquidDate.call(this, inUtc(value), ...rest) as unknown);
  });
  for (const [name, filter] of Object.entries(engine.filters)) engine.registerFilter(name, counted(filter));
  return engine;
}

/** Liquid counts what filters make, not what they and comparisons read: a loop could read megabytes at each turn. */
function counted(filter: FilterImplOptions): FilterImplOptions {
  const handler = typeof filter === 'function' ? filter : filter.handler;
  const read = function (this: ThisParameterType<typeof handler>, value: unknown, ...rest: unknown[]) {
    this.context.memoryLimit.use(weightOf(value));
    return handler.call(this, value, ...rest) as unknown;
  };
  return typeof filter === 'function' ? read : { ...filter, handler: read };
}

const OPERATORS: Operators = {
  ...defaultOperators,
  ...Object.fromEntries(
    ['==', '!=', '<', '>', '<=', '>=', 'contains'].map((name) => [
      name,
      (left: unknown, right: unknown, context: Context) => {
        context.memoryLimit.use(weightOf(left));
        return (defaultOperators[name] as BinaryOperatorHandler)(left, right, context);
      },
    ]),
  ),
};

type BinaryOperatorHandler = (left: unknown, right: unknown, context: Context) => OperatorResult;
type OperatorResult = ReturnType<Operators[string]>;

/** How much there is to read in a value: one for each entry of a list, and for 16 characters, which read faster. */
function weightOf(value: unknown): number {
  if (typeof value === 'string') return value.length / 16;
  return Array.isArray(value) ? value.reduce<number>((sum, entry) => sum + 1 + weightOf(entry), 0) : 0;
}

/** Liquid reads these two words as the present moment, and deciding has no clock. */
function isClockWord(value: unknown): boolean {
  return value === 'now' || value === 'today';
}

/** A time without a zone is UTC, whatever zone the machine is in. */
function inUtc(value: unknown): unknown {
  const zoneless = typeof value === 'string' && /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value);
  return zoneless ? `${value.replace(' ', 'T')}Z` : value;
}

/**
 * Renders within bounds that do not depend on the machine's speed, so that a template fails always or never.
 * Throws Liquid's `RenderError`.
 */
export function renderBounded(engine: Liquid, templates: LiquidTemplate[], scope: object): string {
  const output = new BoundedOutput();
  renderInto(output, engine, templates, scope);
  return output.buffer;
}

/** What the one output of a template comes to, within the same bounds. */
export function valueBounded(engine: Liquid, templates: LiquidTemplate[], scope: object): unknown {
  const output = new ValueOutput();
  renderInto(output, engine, templates, scope);
  if (toText(output.value).length > MAX_TEXT) throw tooLong();
  return output.value;
}

function renderInto(output: Emitter, engine: Liquid, templates: LiquidTemplate[], scope: object): void {
  const context = new Context(scope, engine.options, { sync: true }, { liquid: engine });
  let steps = 0;
  // Liquid asks this limiter before each piece; its own answer would depend on the time of day.
  context.renderLimit.check = () => {
    steps += 1;
    if (steps > MAX_STEPS)
      throw new Error(`It takes more than ${String(MAX_STEPS)} steps; is there a loop over too much?`);
  };
  toValueSync(engine.renderer.renderTemplates(templates, context, output));
}

class BoundedOutput implements Emitter {
  buffer = '';

  write(piece: unknown): void {
    this.buffer += toText(piece);
    if (this.buffer.length > MAX_TEXT) throw tooLong();
  }
}

class ValueOutput implements Emitter {
  readonly buffer = '';
  value: unknown;

  write(piece: unknown): void {
    this.value = piece;
  }
}

function tooLong(): Error {
  return new Error(`It is longer than ${String(MAX_TEXT)} characters.`);
}
