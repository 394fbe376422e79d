import type { CanonicalEvent } from '../contracts/event.js';
import { leadOwner } from '../contracts/lead-owner.js';
import type { MemoryStore } from '../contracts/memory.js';
import type { CompiledRule } from './engine/compile-rule.js';
import type { GivenFacts } from './engine/facts.js';
import type { RuleSet } from './engine/rule-set.js';
import { EventCase } from './event-case.js';
import { isOwnWrite } from './loop-guard/stops.js';
import { lookUpPeople, type LookUpLeads, type Unavailable } from './look-up-people.js';
import { needsNothing, NO_NEEDS } from './engine/needs.js';
import { BatchMemory } from './memory/batch-memory.js';
import type { Noting } from './memory/noting.js';
import type { Fault, Firing, Undecided, Verdict } from './verdict.js';

/** Where what an event does not tell is known. */
export interface Sources {
  readonly memory: MemoryStore;
  readonly lookUp: LookUpLeads;
  readonly given?: (event: CanonicalEvent) => GivenFacts | undefined;
}

/** What is to be decided. */
export interface BatchToDecide {
  /** The name of the batch, by which a repeat of it is known. */
  readonly batch: string;
  readonly events: readonly CanonicalEvent[];
  /** Only this rule, on events that were noted before. */
  readonly again?: string | undefined;
}

/**
 * Decides a batch: by the events alone what they settle; then with one round trip for everything that is still needed of
 * memory; and where a verdict still hangs on a person of whom too little is known, with one look-up for all of them.
 */
export async function decide(
  ruleSet: RuleSet,
  { batch, events, again }: BatchToDecide,
  { memory: store, lookUp, given }: Sources,
): Promise<Verdict> {
  const faults: Fault[] = [];
  const cases = events.map((event) => {
    const onError = ({ rule }: CompiledRule, error: unknown) => {
      faults.push({ rule, event, reason: error instanceof Error ? error.message : String(error) });
    };
    return new EventCase(ruleSet, event, { given: given?.(event), onError, only: again });
  });
  const memory = new BatchMemory(ruleSet);
  const needs = cases.map((each) => each.needs);
  const notings = cases.map(({ scope }, index) => {
    const noting = memory.note(scope, again === undefined);
    const { questions, leadFields } = needs[index] ?? NO_NEEDS;
    memory.ask(noting, questions, leadFields);
    return noting;
  });
  memory.recall(await store.exchange(batch, memory.request));
  for (const [index, each] of cases.entries()) {
    const [noting, needed = NO_NEEDS] = [notings[index] as Noting, needs[index]];
    if (noting.isEmpty && needsNothing(needed)) continue;
    each.scope.remember(memory.replay(noting, needed.leadFields));
    each.settleByMemory();
  }
  const { unavailable, learned } = await lookUpPeople(cases, lookUp);
  return {
    firings: cases.flatMap(firingsOf),
    undecided: cases.flatMap((each) => undecidedOf(each, unavailable.get(each))),
    faults,
    improvements: [...memory.improvements(), ...learned],
    scopes: cases.map(({ scope }) => scope),
  };
}

/** Second parts first: an event ends what began before it, and then begins something of its own. */
function firingsOf(each: EventCase): Firing[] {
  if (each.followUps.length === 0 && each.matches.length === 0) return [];
  const person = personOf(each);
  // What a rule wrote itself does not make its sequence whole. Whatever came ends a wait for nothing to come.
  const others = each.followUps.filter(
    ({ rule, kind }) => kind === 'unless' || !isOwnWrite(rule, each.event),
  );
  const seconds = others.map(({ rule, kind }) => {
    const kept = { event: each.event, lead: each.scope.lead, facts: {} };
    return { rule, step: kind, kept, ...person };
  });
  const matches = each.matches.map((compiled) => {
    return { rule: compiled.rule, step: 'match' as const, kept: each.kept(compiled), ...person };
  });
  return [...seconds, ...matches];
}

function undecidedOf(each: EventCase, unavailable: Unavailable | undefined): Undecided[] {
  if (unavailable === undefined) return [];
  const { reason, retryAt } = unavailable;
  return each.waiting.map((compiled) => {
    return { rule: compiled.rule, kept: each.kept(compiled), ...personOf(each), reason, retryAt };
  });
}

function personOf({ event }: EventCase): { readonly person?: string } {
  return event.leadId === undefined ? {} : { person: leadOwner(event.munchkinId, event.leadId) };
}
