import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import type { ConditionNode, RuleSources } from '../rule.js';
import { FACTS, type FactScope } from './facts.js';
import {
  allOf,
  anyOf,
  notThat,
  settledWhenKnown,
  type CompiledCondition,
  type Prioritised,
  type Read,
  type Test,
} from './compiled-condition.js';
import type { Question } from '../memory/question.js';
import { SeriesRegistry } from '../memory/series.js';
import { isMeasure } from '../memory/stateful-facts.js';
import { allNeeds, needsNothing, NO_NEEDS, type Needs } from './needs.js';
import type { Lists } from './operator.js';
import { findOperator, OPERATORS, swapsLiteral } from './operators.js';
import { compilePath, parsePath } from './path.js';

/** A condition that cannot be compiled. The message is for the rule's author. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

type Shared = Pick<RuleSources, 'conditions' | 'lists'>;

/** What of a rule its conditions depend on. Shared conditions serve any rule: they have none. */
export interface Surroundings {
  /** Stateful facts look at these types unless they name others. */
  readonly on: readonly string[];
  /** IANA name. */
  readonly timeZone?: string | undefined;
}

/** The one fact that depends on the rule. */
const NOW = 'now';

const NO_RULE: Surroundings = { on: [] };

/** What a comparison looks at. */
interface Reader {
  /** The same for every condition that reads the same fact and path. */
  readonly key: string;
  readonly read: Read;
  readonly needs: Needs;
}

/**
 * Turns conditions in json-rules-engine's format into closures with the same verdicts. A reference to a condition
 * that does not exist is refused, where json-rules-engine would fail at every event.
 */
export class ConditionCompiler {
  /** Every series that the compiled conditions ask for. */
  readonly series: SeriesRegistry;
  private readonly lists: Lists;
  private readonly readers = new Map<string, Reader>();
  private readonly named = new Map<string, CompiledCondition>();
  private readonly underWay = new Set<string>();

  constructor(private readonly shared: Shared) {
    this.lists = listSets(shared);
    this.series = new SeriesRegistry(
      (where) => this.compileForOneEvent(where),
      (where) => this.spelledOut(where),
    );
  }

  /** @throws ConditionError or PathError with a message for the author. */
  compile(node: ConditionNode, rule: Surroundings = NO_RULE): CompiledCondition {
    if (Object.hasOwn(node, 'condition')) return this.compileReference(node['condition'], rule.timeZone);
    const { any, all, not } = node;
    if (any !== undefined) return anyOf(this.compileMembers('any', any, rule));
    if (all !== undefined) return allOf(this.compileMembers('all', all, rule));
    if (not !== undefined)
      return notThat(this.compile(objectOrRefuse(not, '"not" must be one condition'), rule));
    return this.compileTest(node, rule);
  }

  /**
   * Conditions over an event that nothing else is known of: those of `where`, `then` and `unless`.
   * @throws ConditionError when they need more.
   */
  compileForOneEvent(node: ConditionNode, timeZone?: string): CompiledCondition {
    const compiled = this.compile(node, { on: [], timeZone });
    if (needsNothing(compiled.needs)) return compiled;
    throw new ConditionError('only facts of the event itself can be used here');
  }

  private compileMembers(kind: string, members: unknown, rule: Surroundings): Prioritised[] {
    if (!Array.isArray(members)) throw new ConditionError(`"${kind}" must be a list of conditions`);
    return members.map((member: unknown) => {
      const node = objectOrRefuse(member, `"${kind}" must hold conditions only`);
      const priority = Number.parseInt(String(node['priority']), 10) || 1;
      return { priority, condition: this.compile(node, rule) };
    });
  }

  /** Shared conditions are the same for all rules, but for the clock that they look at. */
  private compileReference(name: unknown, timeZone: string | undefined): CompiledCondition {
    if (typeof name !== 'string' || !Object.hasOwn(this.shared.conditions, name)) {
      throw new ConditionError(`there is no shared condition "${String(name)}"`);
    }
    const key = `${timeZone ?? ''} ${name}`;
    const known = this.named.get(key);
    if (known !== undefined) return known;
    if (this.underWay.has(name)) throw new ConditionError(`the shared condition "${name}" refers to itself`);
    this.underWay.add(name);
    try {
      const compiled = this.compile(this.shared.conditions[name] as ConditionNode, { on: [], timeZone });
      this.named.set(key, compiled);
      return compiled;
    } finally {
      this.underWay.delete(name);
    }
  }

  private compileTest(node: JsonObject, rule: Surroundings): CompiledCondition {
    const { operator: name, value } = node;
    const operator = typeof name === 'string' ? findOperator(name) : undefined;
    if (operator === undefined) throw new ConditionError(`there is no operator "${String(name)}"`);
    if (!Object.hasOwn(node, 'value')) throw new ConditionError('a condition needs a "value"');
    const { key, read, needs } = this.reader(node, rule);
    const { lists } = this;

    if (isFactReference(value)) {
      if (operator.literalOnly) throw new ConditionError(`the value of "${String(name)}" cannot be a fact`);
      const other = this.reader(value, rule);
      const test: Test = (scope) => operator.bind(other.read(scope), lists)(read(scope), scope);
      const mayThrow = operator.mayThrow?.(undefined) ?? false;
      return { ...settledWhenKnown(test, allNeeds([needs, other.needs])), mayThrow };
    }
    if (swapsLiteral(String(name), operator)) throw new ConditionError(`"${String(name)}" cannot be swapped`);
    const problem = operator.problem?.(value, lists);
    if (problem !== undefined) throw new ConditionError(`"${String(name)}": ${problem}`);
    const holds = operator.bind(value, lists);
    const mayThrow = operator.mayThrow?.(value) ?? false;
    // By the undecorated name only: `not:equal` is another operator.
    const entry = needsNothing(needs) && !mayThrow ? OPERATORS.get(String(name)) : undefined;
    const criterion = entry?.criterion?.(value);
    return {
      ...settledWhenKnown((scope) => holds(read(scope), scope), needs),
      mayThrow,
      ...(criterion && { access: { key, read, criterion } }),
    };
  }

  /** How the left side (or a value that is a fact) is read: one closure for each fact and path. */
  private reader({ fact, path, params }: JsonObject, rule: Surroundings): Reader {
    if (typeof fact !== 'string') throw new ConditionError('a condition needs a "fact"');
    if (path !== undefined && typeof path !== 'string') throw new ConditionError('"path" must be a text');
    if (isMeasure(fact)) return this.readerOfSeries(this.series.ask(fact, params, rule.on), path);
    const names = path ? parsePath(path) : [];
    const key = JSON.stringify([fact === NOW ? `${NOW} ${rule.timeZone ?? ''}` : fact, ...names]);
    let reader = this.readers.get(key);
    if (reader === undefined) {
      const read = readFact(fact, names.length === 0 ? undefined : path, rule.timeZone);
      const [field] = names;
      const needs =
        fact === 'lead' && field !== undefined ? { questions: [], leadFields: [field] } : NO_NEEDS;
      reader = { key, read, needs };
      this.readers.set(key, reader);
    }
    return reader;
  }

  private readerOfSeries(question: Question, path: string | undefined): Reader {
    const resolve = compilePath(path ?? '$');
    return {
      key: `${question.key}${path ?? ''}`,
      read: (scope) => resolve(scope.answer(question)),
      needs: { questions: [question], leadFields: [] },
    };
  }

  /** With what shared conditions hold in their places, so that it is another when they change. */
  spelledOut(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((each) => this.spelledOut(each));
    if (!isJsonObject(node)) return node;
    const { condition } = node;
    if (typeof condition === 'string') return this.spelledOut(this.shared.conditions[condition]);
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, this.spelledOut(value)]));
  }
}

/** An unknown fact is undefined, path or not, as with json-rules-engine's `allowUndefinedFacts`. */
function readFact(name: string, path: string | undefined, timeZone: string | undefined): Read {
  const fact = FACTS.get(name);
  if (fact === undefined) return () => undefined;
  const read: Read = name === NOW ? (scope) => fact.read(scope, timeZone) : fact.read;
  if (path === undefined) return read;
  const resolve = compilePath(path);
  return (scope: FactScope) => resolve(read(scope));
}

/** json-rules-engine takes a value with a member `fact` for another fact, to be compared with. */
export function isFactReference(value: unknown): value is JsonObject {
  return isJsonObject(value) && Object.hasOwn(value, 'fact');
}

function objectOrRefuse(value: unknown, message: string): JsonObject {
  if (!isJsonObject(value)) throw new ConditionError(message);
  return value;
}

/** Named lists as sets. */
export function listSets({ lists }: Pick<RuleSources, 'lists'>): Lists {
  return new Map(Object.entries(lists).map(([name, entries]) => [name, new Set<unknown>(entries)]));
}
