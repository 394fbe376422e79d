import { hash } from 'node:crypto';
import { canonicalField } from '../../catalogue/lead-field-names.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import { announcements, type Mute } from '../flow/compiled-flow.js';
import type { Series } from '../memory/series.js';
import type { Rule, RuleSources } from '../rule.js';
import { ByType } from './by-type.js';
import { compileRule, type CompiledFollowUp, type CompiledRule } from './compile-rule.js';
import { ConditionCompiler } from './condition.js';
import { FactScope, type GivenFacts } from './facts.js';
import type { Matches, OnError } from './type-index.js';

/** Told of a rule whose evaluation threw; the rule counts as not matching and hinders no other. */
export type OnRuleError = OnError<CompiledRule>;

export interface MatchOptions {
  readonly given?: GivenFacts;
  readonly onError?: OnRuleError;
}

const NO_OPTIONS: MatchOptions = {};
const ignore = (): undefined => undefined;

/** All rules that are not off, ready to decide. Never changes; a reload makes a new one. */
export class RuleSet {
  private readonly byType: ByType<CompiledRule>;
  private readonly seriesByType: ByType<Series>;
  private readonly seriesById: ReadonlyMap<string, Series>;
  private readonly followUpsByType: ByType<CompiledFollowUp>;
  private readonly byId: ReadonlyMap<string, CompiledRule>;
  private readonly leadFields: ReadonlySet<string>;
  private readonly mutes: ReadonlyMap<string, readonly Mute[]>;

  constructor(
    /** Changes whenever a rule, a shared condition or a list does. */
    readonly version: string,
    /** By rule id. */
    readonly all: readonly CompiledRule[],
    { series }: Pick<ConditionCompiler, 'series'>,
  ) {
    this.byId = new Map(all.map((each) => [each.rule.id, each]));
    this.byType = new ByType(all);
    this.seriesByType = new ByType(series.all);
    this.seriesById = new Map(series.all.map((each) => [each.id, each]));
    this.followUpsByType = new ByType(all.flatMap(({ followUp }) => followUp ?? []));
    this.mutes = announcements(all.map(({ flow }) => flow));
    this.leadFields = new Set(all.flatMap(leadFieldsOf).map(canonicalField));
  }

  get size(): number {
    return this.all.length;
  }

  /** The rules of which the event alone tells that they match, by rule id. */
  match(
    event: CanonicalEvent,
    { given, onError = ignore }: MatchOptions = NO_OPTIONS,
  ): readonly CompiledRule[] {
    return this.survey(new FactScope(event, given), onError).matched;
  }

  /** The rules that match by what is known of the event, and those for which more must be known; by rule id. */
  survey(scope: FactScope, onError: OnRuleError): Matches<CompiledRule> {
    return this.byType.indexOf(scope.event.type).match(scope, onError);
  }

  /** Every rule that is `on` events of this type. */
  concerned(type: string): readonly CompiledRule[] {
    return this.byType.indexOf(type).items;
  }

  /** True when some rule is `on` events of this type, or waits for one as the second part of its sequence. */
  concerns(type: string): boolean {
    return this.concerned(type).length > 0 || this.followUpsByType.indexOf(type).items.length > 0;
  }

  /** The series in which the event is noted. */
  seriesOf(scope: FactScope): readonly Series[] {
    return this.seriesByType.indexOf(scope.event.type).match(scope, ignore).matched;
  }

  /** The series that a question is put to. */
  series(id: string): Series | undefined {
    return this.seriesById.get(id);
  }

  /** The sequences of which the event is the second part, if their first part came. */
  followUpsOf(scope: FactScope): readonly CompiledFollowUp[] {
    return this.followUpsByType.indexOf(scope.event.type).match(scope, ignore).matched;
  }

  /** True for a field of a person, by its canonical name, that some rule reads; no others are kept. */
  readsField(canonicalName: string): boolean {
    return this.leadFields.has(canonicalName);
  }

  /** Who is muted by a rule. */
  mutedBy(ruleId: string): readonly Mute[] | undefined {
    return this.mutes.get(ruleId);
  }

  find(ruleId: string): CompiledRule | undefined {
    return this.byId.get(ruleId);
  }
}

/** @throws RuleCompileError for the first rule that cannot be compiled. */
export function compileRuleSet(sources: RuleSources): RuleSet {
  const builder = new RuleSetBuilder(sources);
  for (const rule of sources.rules) builder.add(rule);
  return builder.build();
}

/** Compiles a rule set rule by rule, so that other work can be done in between. */
export class RuleSetBuilder {
  private readonly compiler: ConditionCompiler;
  private readonly rules: CompiledRule[] = [];

  /** @param sources where rules find shared conditions and lists; its rules are to be added one by one */
  constructor(private readonly sources: RuleSources) {
    this.compiler = new ConditionCompiler(sources);
  }

  /** @throws RuleCompileError when the rule cannot be compiled. */
  add(rule: Rule): void {
    if (rule.mode !== 'off') this.rules.push(compileRule(rule, this.compiler));
  }

  build(): RuleSet {
    const rules = this.rules.sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
    return new RuleSet(versionOf(this.sources, rules), rules, this.compiler);
  }
}

function leadFieldsOf({ rule, condition }: CompiledRule): readonly string[] {
  return [...condition.needs.leadFields, ...(rule.leadFieldsInTexts ?? [])];
}

function versionOf({ conditions, lists }: RuleSources, rules: readonly CompiledRule[]): string {
  const content = [rules.map(({ rule: { id, version, mode } }) => [id, version, mode]), conditions, lists];
  return hash('sha256', JSON.stringify(content), 'hex').slice(0, 12);
}
