import type { CanonicalEvent } from '../../contracts/event.js';
import { isJsonObject } from '../../contracts/json.js';
import { ALWAYS, type CompiledCondition } from '../engine/compiled-condition.js';
import { compilePath } from '../engine/path.js';
import { hashOf } from '../../contracts/hash-of.js';
import { compileSubject, type SubjectOf } from '../engine/subject.js';
import type { Indexed } from '../engine/type-index.js';
import type { ConditionNode, Per } from '../rule.js';
import { noteValue, type Noted } from './log-records.js';
import type { Question } from './question.js';
import { horizonMs, readSeriesParams, type SeriesQuestion } from './series-params.js';
import { STATEFUL_FACTS, type Keeps, type Measure } from './stateful-facts.js';

/** The events of one kind, noted by key. Everybody who asks for the same shares it, however far back each looks. */
export interface Series extends Indexed {
  /** Hash of what is kept, of which events and for whom; never of how long. Eight characters of base64url. */
  readonly id: string;
  readonly keeps: Keeps;
  readonly subjectOf: SubjectOf;
  /** What is noted with an event; undefined when it has nothing to note. A series of times notes no value. */
  readonly valueOf: (event: CanonicalEvent) => Noted | undefined;
  /** How far back anybody asks, milliseconds. */
  readonly horizonMs: number;
}

/** Params that cannot be used. The message is for the rule's author. */
export class SeriesError extends Error {
  override readonly name = 'SeriesError';
}

/** Every series of a rule set, each once. */
export class SeriesRegistry {
  private readonly byId = new Map<string, Series & { horizonMs: number }>();
  private readonly subjects = new Map<string, SubjectOf>();
  private readonly questions = new Map<string, Question>();

  /** `spelledOut`: the conditions with everything that they refer to, so that another meaning is another series. */
  constructor(
    private readonly compileWhere: (where: ConditionNode) => CompiledCondition,
    private readonly spelledOut: (where: ConditionNode) => unknown,
  ) {}

  get all(): readonly Series[] {
    return [...this.byId.values()];
  }

  /**
   * The question that a condition asks.
   * @param on the types of the rule, which count unless `params.on` names others
   * @throws SeriesError, or what compiling `where` throws
   */
  ask(measure: Measure, params: unknown, on: readonly string[]): Question {
    const key = questionKey(measure, params, on);
    const known = this.questions.get(key);
    if (known !== undefined) return known;
    const read = readSeriesParams(measure, params, on);
    if ('problems' in read) throw new SeriesError(read.problems.map(({ message }) => message).join('; '));
    const { withinMs, windows } = read.question;
    const question = { key, measure, withinMs, windows, series: this.seriesFor(read.question).id };
    this.questions.set(key, question);
    return question;
  }

  private seriesFor(question: SeriesQuestion): Series {
    const { measure, on, where, per, of } = question;
    const { keeps } = STATEFUL_FACTS[measure];
    const events = where === undefined ? null : this.spelledOut(where);
    const id = hashOf(JSON.stringify([keeps, [...new Set(on)].sort(), events, per, of ?? null]), 8);
    const series = this.byId.get(id) ?? { id, keeps, horizonMs: 0, ...this.compiled(question) };
    series.horizonMs = Math.max(series.horizonMs, horizonMs(question));
    this.byId.set(id, series);
    return series;
  }

  private compiled({
    measure,
    on,
    where,
    per,
    of,
  }: SeriesQuestion): Omit<Series, 'id' | 'keeps' | 'horizonMs'> {
    const { keeps } = STATEFUL_FACTS[measure];
    const valueAt = of === undefined ? undefined : compilePath(`$.${of}`);
    return {
      on,
      condition: where === undefined ? ALWAYS : this.compileWhere(where),
      subjectOf: this.subjectBy(per),
      valueOf: (event) => (valueAt === undefined ? undefined : noteValue(keeps, valueAt(event))),
    };
  }

  /** One function for all that count by the same, so that its answer can be remembered for an event. */
  private subjectBy(per: Per): SubjectOf {
    const key = JSON.stringify(per);
    const known = this.subjects.get(key) ?? compileSubject(per);
    this.subjects.set(key, known);
    return known;
  }
}

/** The same for the same words; under other rule types another, unless the words name types themselves. */
export function questionKey(measure: Measure, params: unknown, on: readonly string[]): string {
  const named = isJsonObject(params) && Object.hasOwn(params, 'on');
  return JSON.stringify([measure, params ?? {}, named ? [] : on]);
}
