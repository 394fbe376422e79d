import type { CanonicalEvent } from '../src/contracts/event.js';
import type { Contender, Decide } from './judge/contender.js';
import { JSON_LOGIC } from './judge/json-logic.js';
import { ENGINE_A_TYPE, ONE_ENGINE } from './judge/json-rules-engine.js';
import { buildCost, rateOf } from './judge/measure.js';
import { SIFT } from './judge/sift.js';
import { buildRuleSet, SIGNALMAN } from './judge/signalman.js';
import { asRule, fewMatch, manyMatch, noEquality, type Workload } from './judge/workload.js';
import { ZEN } from './judge/zen.js';

const CONTENDERS = [SIGNALMAN, JSON_LOGIC, SIFT, ZEN, ENGINE_A_TYPE, ONE_ENGINE] as const;
/** So many events are decided by all before anybody is measured; half of them events that some rule matches. */
const COMPARED = 10;

export interface JudgeTable {
  readonly workload: string;
  /** How many rules, a column each. */
  readonly counts: readonly number[];
  readonly rows: readonly {
    readonly name: string;
    /** Events a second on one core, a column each. */
    readonly rates: readonly number[];
  }[];
}

/** What a rule set of so many rules costs before the first event. */
export interface BuildRow {
  readonly rules: number;
  readonly microsecondsARule: number;
  /** Beside the rule as it was read. */
  readonly bytesARule: number;
}

export interface JudgeFigures {
  readonly tables: readonly JudgeTable[];
  readonly builds: readonly BuildRow[];
}

/** The judge alone: no queue, no parsing, no memory, no actions. */
export async function benchJudge(): Promise<JudgeFigures> {
  const few = fewMatch();
  const builds = [1_000, 10_000].map((count) => benchBuild(few, count));
  const tables: JudgeTable[] = [];
  for (const workload of [few, manyMatch(), noEquality()]) tables.push(await benchWorkload(workload));
  return { tables, builds };
}

function benchBuild(workload: Workload, count: number): BuildRow {
  const rules = workload.rules(count).map(asRule);
  const { microseconds, bytes } = buildCost(() => buildRuleSet(rules));
  return { rules: count, microsecondsARule: microseconds / count, bytesARule: bytes / count };
}

async function benchWorkload({ name, counts, rules, events }: Workload): Promise<JudgeTable> {
  const rates = new Map<Contender, number[]>(CONTENDERS.map((contender) => [contender, []]));
  for (const count of counts) {
    const ofCount = rules(count);
    const reference = SIGNALMAN.build(ofCount);
    for (const contender of CONTENDERS) {
      const decide = contender.build(ofCount);
      await compare(contender, decide, reference, events);
      rates.get(contender)?.push(await rateOf(decide, events, contender.atOnce));
    }
  }
  return {
    workload: name,
    counts,
    rows: [...rates].map(([contender, ofContender]) => ({ name: contender.name, rates: ofContender })),
  };
}

/** @throws Error when it does not find as many rules as Signalman: then it is no contender. */
async function compare(
  { name }: Contender,
  decide: Decide,
  reference: Decide,
  events: readonly CanonicalEvent[],
): Promise<void> {
  const matched = events.filter((event) => reference(event) !== 0).slice(0, COMPARED / 2);
  for (const event of [...matched, ...events.slice(0, COMPARED / 2)]) {
    const [actual, expected] = [await decide(event), await reference(event)];
    if (actual !== expected)
      throw new Error(`${name}: ${actual} rules match event ${event.id}, ${expected} should`);
  }
}
