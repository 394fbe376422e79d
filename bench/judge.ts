import { Engine } from 'json-rules-engine';
import type { CanonicalEvent } from '../src/contracts/event.js';
import { compileRuleSet } from '../src/rules/engine/rule-set.js';
import type { ConditionNode, Rule } from '../src/rules/rule.js';

const TYPES = Array.from({ length: 144 }, (_, index) => `marketo.activity.type${String(index)}`);
const COUNTRIES = Array.from({ length: 200 }, (_, index) => `Country ${String(index)}`);
const EVENTS = 20_000;
const RULE_COUNTS = [10, 100, 1_000, 10_000] as const;
/** Shortest and longest time of one measurement, milliseconds; the longest is checked between events. */
const SHORTEST = 1_000;
const LONGEST = 4_000;

/** Events a second on one core. */
export interface JudgeRow {
  readonly rules: number;
  readonly buildMs: number;
  readonly signalman: number;
  readonly oneEngine: number;
  readonly engineByType: number;
  /** Signalman against one json-rules-engine Engine with all rules. */
  readonly ratio: number;
  readonly ratioByType: number;
}

export interface JudgeFigures {
  readonly rows: readonly JudgeRow[];
  /** How many times longer an event takes with 10,000 rules than with 10. */
  readonly growth: number;
}

/** The judge alone: no queue, no parsing, no actions. Each rule: one type, and two or three further conditions. */
export async function benchJudge(): Promise<JudgeFigures> {
  const random = chance(7);
  const events = Array.from({ length: EVENTS }, (_, index) => makeEvent(index, random));
  const rows: JudgeRow[] = [];
  for (const count of RULE_COUNTS) rows.push(await measureCount(count, events, random));
  const [least, most] = [rows[0], rows[rows.length - 1]];
  return { rows, growth: least && most ? round(least.signalman / most.signalman) : Number.NaN };
}

async function measureCount(
  count: number,
  events: readonly CanonicalEvent[],
  random: () => number,
): Promise<JudgeRow> {
  const rules = Array.from({ length: count }, (_, index) => makeRule(index, random));
  const start = performance.now();
  const ruleSet = compileRuleSet({ rules, conditions: {}, lists: {} });
  // Indexes are built when a type is first seen; that belongs to the building.
  for (const event of events) ruleSet.match(event);
  const buildMs = round(performance.now() - start);

  const signalman = rate(events, (event) => ruleSet.match(event));
  const engine = engineOf(rules);
  const oneEngine = await asyncRate(events, (event) => engine.run(factsOf(event)));
  const byType = new Map(TYPES.map((type) => [type, engineOf(rules.filter(({ on }) => on[0] === type))]));
  const engineByType = await asyncRate(events, (event) => byType.get(event.type)?.run(factsOf(event)));
  return {
    rules: count,
    buildMs,
    signalman,
    oneEngine,
    engineByType,
    ratio: round(signalman / oneEngine),
    ratioByType: round(signalman / engineByType),
  };
}

function makeRule(index: number, random: () => number): Rule {
  const below = (limit: number): number => Math.floor(random() * limit);
  const all: ConditionNode[] = [
    { fact: 'data', path: '$.country', operator: 'equal', value: COUNTRIES[below(COUNTRIES.length)] },
    { fact: 'data', path: '$.score', operator: 'greaterThan', value: below(100) },
  ];
  if (random() < 0.5)
    all.push({ fact: 'attributes', path: '$.Campaign', operator: 'equal', value: below(1_000) });
  return {
    id: `rule-${String(index)}`,
    version: '1',
    description: '',
    mode: 'live',
    on: [TYPES[below(TYPES.length)] ?? ''],
    conditions: { all },
    actions: [],
  };
}

function makeEvent(index: number, random: () => number): CanonicalEvent {
  const below = (limit: number): number => Math.floor(random() * limit);
  return {
    id: String(index),
    type: TYPES[below(TYPES.length)] ?? '',
    connection: 'bench',
    source: 'urn:bench',
    time: '2026-01-31T09:00:00.000Z',
    receivedAt: '2026-01-31T09:00:00.000Z',
    stream: 'lead-activity',
    leadId: String(below(100_000)),
    data: { country: COUNTRIES[below(COUNTRIES.length)], score: below(100) },
    attributes: { Campaign: below(1_000) },
    oddities: [],
  };
}

/** json-rules-engine has no `on`: the type is one more condition, as its users write it. */
function engineOf(rules: readonly Rule[]): Engine {
  const engine = new Engine([], { allowUndefinedFacts: true });
  for (const { on, conditions } of rules) {
    const type = { fact: 'type', operator: 'equal', value: on[0] };
    const all = [type, ...(conditions['all'] as (typeof type)[])];
    engine.addRule({ conditions: { all }, event: { type: 'matched' } });
  }
  return engine;
}

function factsOf({ type, data, attributes, leadId }: CanonicalEvent): Record<string, unknown> {
  return { type, data, attributes, leadId };
}

function rate(events: readonly CanonicalEvent[], decide: (event: CanonicalEvent) => unknown): number {
  const start = performance.now();
  let rounds = 0;
  while (performance.now() - start < SHORTEST) {
    for (const event of events) decide(event);
    rounds += 1;
  }
  return round((rounds * events.length * 1_000) / (performance.now() - start));
}

async function asyncRate(
  events: readonly CanonicalEvent[],
  decide: (event: CanonicalEvent) => Promise<unknown> | undefined,
): Promise<number> {
  const start = performance.now();
  let decided = 0;
  let elapsed = 0;
  while (elapsed < SHORTEST || (decided < 10 && elapsed < LONGEST)) {
    await decide(events[decided % events.length] as CanonicalEvent);
    decided += 1;
    elapsed = performance.now() - start;
  }
  return round((decided * 1_000) / elapsed);
}

/** Two significant decimals are more than the machine can repeat. */
function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}

/** A seeded linear congruential generator, so that every run measures the same rules and events. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
