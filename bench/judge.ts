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
  /** How many of the most rules match an event, on average. */
  readonly matches: number;
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
  let matches = 0;
  const rates = new Map<Contender, number[]>(CONTENDERS.map((contender) => [contender, []]));
  for (const count of counts) {
    const ofCount = rules(count);
    const reference = buildRuleSet(ofCount.map(asRule));
    const matched = events.map((event) => reference.match(event).length);
    matches = matched.reduce((sum, each) => sum + each, 0) / events.length;
    for (const contender of CONTENDERS) {
      const decide = contender.build(ofCount);
      await compare(contender, decide, events, matched);
      rates.get(contender)?.push(await rateOf(decide, events, contender.atOnce));
    }
  }
  return {
    workload: name,
    counts,
    matches,
    rows: [...rates].map(([contender, ofContender]) => ({ name: contender.name, rates: ofContender })),
  };
}

/** @throws Error when it does not find as many rules as Signalman: then it is no contender. */
async function compare(
  { name }: Contender,
  decide: Decide,
  events: readonly CanonicalEvent[],
  expected: readonly number[],
): Promise<void> {
  const places = [...events.keys()];
  const matched = places.filter((place) => expected[place] !== 0);
  for (const place of [...matched.slice(0, COMPARED / 2), ...places.slice(0, COMPARED / 2)]) {
    const actual = await decide(events[place] as CanonicalEvent);
    if (actual !== expected[place])
      throw new Error(`${name}: ${actual} rules match event ${place}, not ${expected[place]}`);
  }
}
