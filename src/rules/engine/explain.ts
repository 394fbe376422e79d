import { Engine, Operator, type TopLevelCondition } from 'json-rules-engine';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import type { ConditionNode, Rule, RuleSources } from '../rule.js';
import { listSets } from './condition.js';
import type { ExplainedCondition, Explanation } from './explanation.js';
import { questionKey } from '../memory/series.js';
import { isMeasure, STATEFUL_FACTS, type Measure } from '../memory/stateful-facts.js';
import { FACTS, type FactScope } from './facts.js';
import { OPERATORS } from './operators.js';
import { compilePath } from './path.js';
import { typeMatches } from './type-pattern.js';

/** What of the rule sources a condition can refer to. */
export type SharedSources = Pick<RuleSources, 'conditions' | 'lists'>;

/**
 * Lets json-rules-engine decide one rule on one event, by what was known of it, and tells how it came to its verdict. Each
 * call has an Engine of its own: an Engine that serves two runs at once skips rules without a word.
 */
export async function explain(rule: Rule, scope: FactScope, sources: SharedSources): Promise<Explanation> {
  const { event } = scope;
  const about = {
    ruleId: rule.id,
    ruleVersion: rule.version,
    eventId: event.id,
    type: event.type,
    on: rule.on,
  };
  const concerned = typeMatches(rule.on, event.type);
  try {
    const engine = engineFor(rule.conditions, scope, sources);
    addFacts(engine, rule, scope);
    const { results, failureResults } = await engine.run();
    const [result] = [...results, ...failureResults];
    if (result === undefined) throw new Error('json-rules-engine gave no result');
    const conditions = describe(
      rule.conditions,
      result.conditions as unknown as JsonObject,
      { sources, scope, on: rule.on },
      true,
    );
    const verdict = !concerned ? 'other-type' : result.result === true ? 'matched' : 'not-matched';
    return { ...about, verdict, conditions };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...about, verdict: concerned ? 'errored' : 'other-type', error: message };
  }
}

/** Every fact as the rule sees it: `now` in its time zone, and what memory answered to its questions. */
function addFacts(engine: Engine, { on, timeZone }: Pick<Rule, 'on' | 'timeZone'>, scope: FactScope): void {
  for (const [name, { read }] of FACTS) engine.addFact(name, read(scope, timeZone));
  for (const measure of Object.keys(STATEFUL_FACTS) as Measure[])
    engine.addFact(measure, (params: unknown) => scope.answered(questionKey(measure, params, on)));
}

/** An Engine with this one rule, every added operator, and the shared conditions that the rule leads to. */
function engineFor(conditions: ConditionNode, scope: FactScope, sources: SharedSources): Engine {
  const engine = new Engine([], {
    allowUndefinedFacts: true,
    pathResolver: (value, path) => compilePath(path)(value),
  });
  const lists = listSets(sources);
  for (const [name, operator] of OPERATORS) {
    if (!operator.added) continue;
    engine.addOperator(new Operator(name, (fact, value) => operator.bind(value, lists)(fact, scope)));
  }
  for (const name of referencesOf(conditions, sources)) {
    engine.setCondition(name, copy(sources.conditions[name] as ConditionNode));
  }
  engine.addRule({ conditions: copy(conditions), event: { type: 'matched' } });
  return engine;
}

/** json-rules-engine writes into the conditions that it is given. */
function copy(conditions: ConditionNode): TopLevelCondition {
  return structuredClone(conditions) as unknown as TopLevelCondition;
}

/** Names of the shared conditions that can be reached, those of shared conditions included. */
function referencesOf(
  node: unknown,
  sources: SharedSources,
  found: Set<string> = new Set<string>(),
): ReadonlySet<string> {
  if (!isJsonObject(node)) return found;
  const { condition: name } = node;
  if (typeof name === 'string' && !found.has(name) && Object.hasOwn(sources.conditions, name)) {
    found.add(name);
    referencesOf(sources.conditions[name], sources, found);
  }
  for (const member of membersOf(node)) referencesOf(member, sources, found);
  return found;
}

function kindOf(node: JsonObject): 'any' | 'all' | 'not' | undefined {
  return (['any', 'all', 'not'] as const).find((kind) => Object.hasOwn(node, kind));
}

function membersOf(node: JsonObject): readonly unknown[] {
  const kind = kindOf(node);
  if (kind === undefined) return [];
  const members = node[kind];
  return Array.isArray(members) ? members : [members];
}

/** What an explanation is about, besides the conditions. */
interface About {
  readonly sources: SharedSources;
  readonly scope: FactScope;
  readonly on: readonly string[];
}

/**
 * Reads one node of json-rules-engine's result beside the node as it was written: the result has the values, only
 * the written one still has the name of a shared condition. json-rules-engine leaves no verdict on the root itself.
 */
function describe(
  written: JsonObject,
  evaluated: JsonObject,
  about: About,
  isRoot = false,
): ExplainedCondition {
  const { condition: reference } = written;
  if (typeof reference === 'string') {
    const target = describe(about.sources.conditions[reference] as ConditionNode, evaluated, about, isRoot);
    return { kind: 'shared', reference, result: target.result, conditions: [target] };
  }
  const kind = kindOf(written);
  const named = typeof written['name'] === 'string' ? { name: written['name'] } : {};
  if (kind !== undefined) {
    const results = membersOf(evaluated) as readonly JsonObject[];
    const conditions = membersOf(written).map((member, index) =>
      describe(member as JsonObject, results[index] ?? {}, about),
    );
    return {
      kind,
      ...named,
      result: isRoot ? groupResult(kind, conditions) : resultOf(evaluated),
      conditions,
    };
  }
  return {
    kind: 'test',
    ...named,
    ...testOf(written, evaluated),
    ...questionOf(written, about),
    result: resultOf(evaluated),
  };
}

/** What a stateful fact asks, and whether anybody asked it. */
function questionOf(
  { fact, params }: JsonObject,
  { scope, on }: About,
): Pick<Extract<ExplainedCondition, { kind: 'test' }>, 'question' | 'isUnasked'> {
  if (typeof fact !== 'string' || !isMeasure(fact)) return {};
  const words = isJsonObject(params) ? Object.entries(params) : [];
  const question = words.map(([name, value]) => `${name} ${textOf(value)}`).join(' ');
  const isUnasked = !scope.wasAsked(questionKey(fact, params, on));
  return { question, ...(isUnasked && { isUnasked }) };
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(' and ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function testOf(
  written: JsonObject,
  evaluated: JsonObject,
): Omit<Extract<ExplainedCondition, { kind: 'test' }>, 'kind' | 'name' | 'result'> {
  const { fact, path, operator, value } = written;
  const compared = isJsonObject(value) && typeof value['fact'] === 'string' ? value : undefined;
  return {
    fact: String(fact),
    ...(typeof path === 'string' && path !== '' && { path }),
    operator: String(operator),
    expected: compared === undefined ? value : evaluated['valueResult'],
    ...(compared && {
      expectedFrom: {
        fact: String(compared['fact']),
        ...(typeof compared['path'] === 'string' && { path: compared['path'] }),
      },
    }),
    actual: evaluated['factResult'],
  };
}

function resultOf({ result }: JsonObject): boolean | undefined {
  return typeof result === 'boolean' ? result : undefined;
}

function groupResult(kind: 'any' | 'all' | 'not', members: readonly ExplainedCondition[]): boolean {
  if (members.length === 0) return true;
  if (kind === 'any') return members.some(({ result }) => result === true);
  if (kind === 'all') return members.every(({ result }) => result === true);
  return members[0]?.result !== true;
}
