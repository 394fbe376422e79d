import type { CanonicalEvent } from '../contracts/event.js';
import type { Kept } from '../contracts/flow.js';
import type { JsonObject } from '../contracts/json.js';
import type { CompiledFollowUp, CompiledRule } from './engine/compile-rule.js';
import { FactScope, type GivenFacts } from './engine/facts.js';
import { allNeeds, NO_NEEDS, type Needs } from './engine/needs.js';
import type { OnRuleError, RuleSet } from './engine/rule-set.js';

export interface CaseOptions {
  readonly given?: GivenFacts | undefined;
  readonly onError: OnRuleError;
  /** The one rule that is to be judged, by its id; all unless given. */
  readonly only?: string | undefined;
}

/** One event of a batch on its way to a verdict: which rules match it, and which are still open. */
export class EventCase {
  readonly scope: FactScope;
  readonly followUps: readonly CompiledFollowUp[];
  private readonly matched: CompiledRule[];
  private open: readonly CompiledRule[];
  private readonly onError: OnRuleError;

  /** First by the event alone. */
  constructor(
    ruleSet: RuleSet,
    readonly event: CanonicalEvent,
    { given, onError, only }: CaseOptions,
  ) {
    this.onError = onError;
    this.scope = new FactScope(event, given);
    const { matched, pending } = ruleSet.survey(this.scope, onError);
    const isWanted = ({ rule }: CompiledRule) => only === undefined || rule.id === only;
    this.matched = matched.filter(isWanted);
    this.open = pending.filter(isWanted);
    this.followUps = only === undefined ? ruleSet.followUpsOf(this.scope) : [];
  }

  /** What memory must tell: for rules that are open, and for what those will say that match already. */
  get needs(): Needs {
    if (this.open.length === 0 && this.matched.length === 0) return NO_NEEDS;
    const conditions = this.open.map(({ condition }) => condition.needs);
    const questions = this.matched.flatMap(({ facts }) => facts.map(({ question }) => question));
    const texts = this.rules.flatMap(({ rule }) => rule.leadFieldsInTexts ?? []);
    const leadFields = texts.filter((field) => !this.scope.knowsOfLead(field));
    return allNeeds([...conditions, { questions, leadFields }]);
  }

  /** Memory has answered: goes over what is open. Everything that a rule asks is asked now, while memory stands here. */
  settleByMemory(): void {
    for (const { facts } of this.rules) for (const { question } of facts) this.scope.answer(question);
    this.settle();
    this.scope.endMemory();
  }

  /** Fields of the person that nobody knows yet and that the verdict, or what will be said, depends on. */
  get unknownFields(): readonly string[] {
    if (this.open.length === 0 && this.matched.length === 0) return [];
    const wanted = [
      ...this.open.flatMap(({ condition }) => condition.needs.leadFields),
      ...this.rules.flatMap(({ rule }) => rule.leadFieldsInTexts ?? []),
    ];
    return [...new Set(wanted)].filter((field) => !this.scope.knowsOfLead(field));
  }

  /** Everything is known of the person that will be. */
  settleByLookUp(fields: JsonObject): void {
    this.scope.learn(fields);
    this.settle();
  }

  /** Those that match, and of whom everything is known that their texts say. */
  get matches(): readonly CompiledRule[] {
    if (this.matched.length === 0) return this.matched;
    return this.matched.filter((each) => !this.lacksText(each)).sort(byId);
  }

  /** Those that cannot be decided, or put into words, by what is known of the person. */
  get waiting(): readonly CompiledRule[] {
    return [...this.open, ...this.matched.filter((each) => this.lacksText(each))].sort(byId);
  }

  /** The event as this rule may act on it later. */
  kept({ facts, rule }: Pick<CompiledRule, 'facts' | 'rule'>): Kept {
    const { event, scope } = this;
    const told = facts.map(({ label, question }) => [label, scope.answer(question)] as const);
    const usage = rule.usageInTexts === true ? { usage: scope.usage } : {};
    return { event, lead: scope.lead, facts: Object.fromEntries(told), ...usage };
  }

  private lacksText({ rule }: CompiledRule): boolean {
    return rule.leadFieldsInTexts?.some((field) => !this.scope.knowsOfLead(field)) === true;
  }

  private get rules(): readonly CompiledRule[] {
    return [...this.matched, ...this.open];
  }

  private settle(): void {
    const open: CompiledRule[] = [];
    for (const each of this.open) {
      try {
        const verdict = each.condition.settle(this.scope);
        if (verdict === undefined) open.push(each);
        else if (verdict) this.matched.push(each);
      } catch (error) {
        this.onError(each, error);
      }
    }
    this.open = open;
  }
}

function byId(a: CompiledRule, b: CompiledRule): number {
  return a.rule.id < b.rule.id ? -1 : 1;
}
