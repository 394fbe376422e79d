import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import type { ConditionNode, RuleSources } from '../rule.js';
import { FACTS, type FactScope } from './facts.js';
import { allOf, anyOf, type CompiledCondition, type Prioritised, type Read } from './compiled-condition.js';
import type { Lists } from './operator.js';
import { findOperator, swapsLiteral } from './operators.js';
import { compilePath, parsePath } from './path.js';

/** A condition that cannot be compiled. The message is for the rule's author. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

type Shared = Pick<RuleSources, 'conditions' | 'lists'>;

/**
 * Turns conditions in json-rules-engine's format into closures with the same verdicts. A reference to a condition
 * that does not exist is refused, where json-rules-engine would fail at every event.
 */
export class ConditionCompiler {
  private readonly lists: Lists;
  private readonly readers = new Map<string, Read>();
  private readonly named = new Map<string, CompiledCondition>();
  private readonly underWay = new Set<string>();

  constructor(private readonly shared: Shared) {
    this.lists = listSets(shared);
  }

  /** @throws ConditionError or PathError with a message for the author. */
  compile(node: ConditionNode): CompiledCondition {
    if (Object.hasOwn(node, 'condition')) return this.compileReference(node['condition']);
    const { any, all, not } = node;
    if (any !== undefined) return anyOf(this.compileMembers('any', any));
    if (all !== undefined) return allOf(this.compileMembers('all', all));
    if (not !== undefined) {
      const { test, mayThrow } = this.compile(objectOrRefuse(not, '"not" must be one condition'));
      return { test: (scope) => !test(scope), mayThrow };
    }
    return this.compileTest(node);
  }

  private compileMembers(kind: string, members: unknown): Prioritised[] {
    if (!Array.isArray(members)) throw new ConditionError(`"${kind}" must be a list of conditions`);
    return members.map((member: unknown) => {
      const node = objectOrRefuse(member, `"${kind}" must hold conditions only`);
      return { priority: Number.parseInt(String(node['priority']), 10) || 1, condition: this.compile(node) };
    });
  }

  private compileReference(name: unknown): CompiledCondition {
    if (typeof name !== 'string' || !Object.hasOwn(this.shared.conditions, name)) {
      throw new ConditionError(`there is no shared condition "${String(name)}"`);
    }
    const known = this.named.get(name);
    if (known !== undefined) return known;
    if (this.underWay.has(name)) throw new ConditionError(`the shared condition "${name}" refers to itself`);
    this.underWay.add(name);
    try {
      const compiled = this.compile(this.shared.conditions[name] as ConditionNode);
      this.named.set(name, compiled);
      return compiled;
    } finally {
      this.underWay.delete(name);
    }
  }

  private compileTest(node: JsonObject): CompiledCondition {
    const { operator: name, value } = node;
    const operator = typeof name === 'string' ? findOperator(name) : undefined;
    if (operator === undefined) throw new ConditionError(`there is no operator "${String(name)}"`);
    if (!Object.hasOwn(node, 'value')) throw new ConditionError('a condition needs a "value"');
    const { key, read } = this.reader(node);
    const { lists } = this;

    if (isFactReference(value)) {
      if (operator.literalOnly) throw new ConditionError(`the value of "${String(name)}" cannot be a fact`);
      const { read: readValue } = this.reader(value);
      return {
        test: (scope) => operator.bind(readValue(scope), lists)(read(scope), scope),
        mayThrow: operator.mayThrow?.(undefined) ?? false,
      };
    }
    if (swapsLiteral(String(name), operator)) throw new ConditionError(`"${String(name)}" cannot be swapped`);
    const problem = operator.problem?.(value, lists);
    if (problem !== undefined) throw new ConditionError(`"${String(name)}": ${problem}`);
    const holds = operator.bind(value, lists);
    const values = equalityValues(name, value);
    return {
      test: (scope) => holds(read(scope), scope),
      mayThrow: operator.mayThrow?.(value) ?? false,
      ...(values && { equality: { key, read, values } }),
    };
  }

  /** How the left side (or a value that is a fact) is read: one closure for each fact and path. */
  private reader({ fact, path }: JsonObject): { key: string; read: Read } {
    if (typeof fact !== 'string') throw new ConditionError('a condition needs a "fact"');
    if (path !== undefined && typeof path !== 'string') throw new ConditionError('"path" must be a text');
    const names = path ? parsePath(path) : [];
    const key = JSON.stringify([fact, ...names]);
    let read = this.readers.get(key);
    if (read === undefined) {
      read = readFact(fact, names.length === 0 ? undefined : path);
      this.readers.set(key, read);
    }
    return { key, read };
  }
}

/** An unknown fact is undefined, path or not, as with json-rules-engine's `allowUndefinedFacts`. */
function readFact(name: string, path: string | undefined): Read {
  const fact = FACTS.get(name);
  if (fact === undefined) return () => undefined;
  const { read } = fact;
  if (path === undefined) return read;
  const resolve = compilePath(path);
  return (scope: FactScope) => resolve(read(scope));
}

/** The values of which the fact must be one, when the condition is an equality that a hash can answer. */
function equalityValues(operator: unknown, value: unknown): readonly unknown[] | undefined {
  if (operator === 'equal') return isPrimitive(value) ? [value] : undefined;
  if (operator === 'in' && Array.isArray(value)) return [...new Set<unknown>(value)].filter(isPrimitive);
  return undefined;
}

function isPrimitive(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
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
