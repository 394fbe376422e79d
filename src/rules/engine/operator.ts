import type { Criterion } from './criterion.js';
import type { FactScope } from './facts.js';

/** A condition's right side put in: does this fact value meet it? Throws where json-rules-engine throws. */
export type Predicate = (factValue: unknown, scope: FactScope) => boolean;

/** Named lists for `inList`. */
export type Lists = ReadonlyMap<string, ReadonlySet<unknown>>;

/** How an operator becomes a predicate. */
export interface Operator {
  /** Fixes the right side. Never throws; a right side of the wrong type gives a predicate that says no. */
  bind(value: unknown, lists: Lists): Predicate;
  /**
   * True when the bound predicate may throw for some fact value. `value` undefined: the right side is not known yet.
   * json-rules-engine evaluates neighbours without short-circuit, so who may throw decides the order of evaluation.
   */
  mayThrow?(value: unknown): boolean;
  /** Why no fact value can ever meet this right side, in words for the rule's author; undefined when one can. */
  problem?(value: unknown, lists: Lists): string | undefined;
  /** True when the right side must stand in the rule itself (a pattern, the name of a list). */
  readonly literalOnly?: boolean;
}

export type ValueKind =
  | 'any'
  | 'text'
  | 'number'
  | 'boolean'
  | 'list'
  | 'list or text'
  | 'time'
  | 'range'
  | 'duration'
  | 'pattern'
  | 'list name';

/** An operator as the checker and the reference see it. */
export interface OperatorEntry extends Operator {
  /** What the fact value must be for the operator to say yes. */
  readonly fact: ValueKind;
  /** What the rule's `value` must be. */
  readonly value: ValueKind;
  /** False for the operators that json-rules-engine brings. */
  readonly added: boolean;
  /** By what an index finds a condition with this right side; undefined when by nothing. Decorated it is another. */
  criterion?(value: unknown): Criterion | undefined;
  /** One or two sentences for the reference, what becomes of a missing field among them. */
  readonly doc: string;
}
