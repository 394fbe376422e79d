import type { FlowStore, Passage, Passed, Ripe } from '../contracts/flow.js';
import type { LoopBook } from '../contracts/loop.js';
import type { EffectContext } from './effects.js';
import type { CompiledRule } from './engine/compile-rule.js';
import type { RuleSet } from './engine/rule-set.js';
import { personOf } from './engine/subject.js';
import { departureOf, waitForJudgement, type Arrival, type Circumstances } from './flow/passages.js';
import { stopsOf } from './loop-guard/stops.js';
import { outcomeOfFault, outcomesOf, quiet, type Asked, type Outcome } from './outcome.js';
import type { Firing, Undecided, Verdict } from './verdict.js';

/** What stands between a verdict and what follows from it, as it is now. */
export interface GateState {
  readonly flow: FlowStore;
  readonly loops: LoopBook;
  readonly circumstances: Circumstances;
  readonly context: EffectContext;
}

/** An event that cannot be judged is tried again for so long. */
const PATIENCE_MS = 24 * 3_600_000;

/** Something that the flow must answer, and for whom. */
interface Request extends Asked {
  readonly passage: Passage;
  /** Why an event could not be judged. */
  readonly undecided?: string;
}

/** Tries fall on the same instants, so that events that wait are looked up together. */
const TRIES_EVERY_MS = 60_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** Not before `retryAt`, and ever more seldom the longer the event has waited. All in epoch milliseconds. */
function nextTry(retryAt: number, now: number, receivedAt: number): number {
  const pause = Math.min(Math.max(0, now - receivedAt) / 2, LONGEST_PAUSE_MS);
  return Math.ceil(Math.max(retryAt, now + pause) / TRIES_EVERY_MS) * TRIES_EVERY_MS;
}

/**
 * Takes what a verdict found through the flow of each rule, in one round trip, and says what became of it. Another goes before
 * it where a firing may be part of a loop.
 */
export async function conclude(
  batch: string,
  verdict: Verdict,
  ruleSet: RuleSet,
  gate: GateState,
): Promise<Outcome[]> {
  const { circumstances, context } = gate;
  const stops = await stopsOf(batch, verdict.firings, gate.loops);
  const steps = [
    ...verdict.firings.map((firing) =>
      arrive({ ...firing, stopped: stops.get(firing) }, ruleSet, circumstances),
    ),
    ...verdict.undecided.map((each) => wait(each, circumstances.now)),
  ];
  const answers = await ask(
    batch,
    steps.filter((step) => 'passage' in step),
    gate,
  );
  const outcomes = steps.flatMap((step): Outcome[] => {
    if (!('passage' in step)) return [step];
    const passed = answers.get(step) ?? NOTHING;
    const { undecided: reason } = step;
    const found = outcomesOf(step, passed, context);
    return reason === undefined
      ? found
      : found.map((each) => ({ ...each, outcome: 'undecided' as const, reason }));
  });
  return [...verdict.faults.map(outcomeOfFault), ...outcomes];
}

/** Goes on with what has waited for its time; what is to be judged again comes here only when its rule is gone. */
export async function goOn(ripe: Ripe, ruleSet: RuleSet, gate: GateState): Promise<Outcome[]> {
  const { ruleId, step, members, follow, heldBack } = ripe;
  const [first] = members;
  if (first === undefined) return [];
  const { event } = first;
  const compiled = ruleSet.find(ruleId);
  if (compiled === undefined) {
    const reason = 'the rule was taken out of force while it waited';
    const gone = { id: ruleId, version: '' };
    return members.map((each) => quiet(gone, each.event.id, { outcome: 'expired', reason }));
  }
  if (step === 'undecided') return [];
  const person = personOf(event);
  const waited = { members, heldBack, ...(follow && { follow }) };
  const departure = departureOf({ compiled, step, kept: first, person, waited }, gate.circumstances);
  if (departure === undefined) return [];
  const request: Request = { rule: compiled.rule, eventId: event.id, ...departure };
  const passed = (await ask(ripe.id, [request], gate)).get(request) ?? NOTHING;
  return outcomesOf(request, passed, gate.context);
}

function arrive(
  firing: Firing & Pick<Arrival, 'stopped'>,
  ruleSet: RuleSet,
  circumstances: Circumstances,
): Request | Outcome {
  const { rule, kept } = firing;
  const arrival: Arrival = { ...firing, compiled: ruleSet.find(rule.id) as CompiledRule };
  const eventId = kept.event.id;
  const departure = departureOf(arrival, circumstances);
  if (departure !== undefined) return { rule, eventId, ...departure };
  const key = (rule.then ?? rule.unless)?.per.join(' and ') ?? '';
  return quiet(rule, eventId, {
    outcome: 'failed',
    reason: `the event has no ${key}, which its sequence needs`,
  });
}

function wait({ rule, kept, person, reason, retryAt }: Undecided, now: number): Request | Outcome {
  const { event } = kept;
  if (now - Date.parse(event.receivedAt) > PATIENCE_MS)
    return quiet(rule, event.id, { outcome: 'failed', reason: `given up after a day: ${reason}` });
  const passage = waitForJudgement(rule, kept, person, nextTry(retryAt, now, Date.parse(event.receivedAt)));
  return { rule, eventId: event.id, passage, undecided: reason };
}

async function ask(
  batch: string,
  requests: readonly Request[],
  { flow, circumstances }: GateState,
): Promise<ReadonlyMap<Request, Passed>> {
  const passages = requests.map(({ passage }) => passage);
  const passed = await flow.pass(batch, passages, circumstances.now);
  return new Map(requests.map((request, index) => [request, passed[index] ?? NOTHING]));
}

const NOTHING: Passed = { kind: 'nothing' };
