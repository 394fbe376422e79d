import { randomBytes } from 'node:crypto';
import type { GivenAnswer, SentRequest } from '../../contracts/attempt.js';
import type { Effect, Receipt } from '../../contracts/effect.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import { errorDetails } from '../../contracts/error-details.js';
import { Failure } from '../../contracts/failure.js';
import type { JsonObject } from '../../contracts/json.js';
import type { Attempt } from '../action.js';
import type { ConformanceSubject, SubjectTarget } from '../conformance-subject.js';
import type { TargetFault } from '../conformance-target.js';

const USUAL_PATIENCE_MS = 700;
/** How much longer than it was given an attempt may take to end. */
const MARGIN_MS = 2_000;

const RULE = { id: 'conformance/example', description: 'An example.' };

/** For what the judge adds where the author of a rule left it out. */
const EVENT: CanonicalEvent = {
  id: '123-ABC-456:1',
  type: 'marketo.activity.newlead',
  connection: 'conformance',
  source: 'urn:conformance',
  time: '2026-05-04T10:00:00.000Z',
  receivedAt: '2026-05-04T10:00:03.000Z',
  stream: 'lead-activity',
  leadId: '7',
  data: {},
  attributes: {},
  oddities: [],
};

/** What came of one attempt, and all that was told of it. */
export interface Trial {
  readonly effect: Effect;
  readonly receipt?: Receipt;
  readonly failure?: Failure;
  readonly sent: readonly SentRequest[];
  readonly answered: readonly GivenAnswer[];
}

export interface TrialOf {
  readonly params?: JsonObject;
  readonly effect?: Effect;
  readonly fault?: TargetFault;
  readonly connection?: SubjectTarget['connection'];
  readonly signal?: AbortSignal;
}

/** Makes attempts at effects of one kind. */
export class Trials {
  /** By effect: as the ledger keeps it, so that a repeat writes what was planned first. */
  private readonly plans = new Map<string, JsonObject>();

  constructor(
    readonly subject: ConformanceSubject,
    readonly target: SubjectTarget,
  ) {}

  /** A new effect, whose id no other has. */
  effect(params: JsonObject = this.subject.params): Effect {
    const now = new Date().toISOString();
    return {
      v: 1,
      id: `e${randomBytes(16).toString('hex').slice(1)}`,
      type: this.subject.schema.type,
      to: 'there',
      params: { ...this.subject.schema.defaults?.(EVENT, RULE), ...params, to: 'there' },
      guarantee: 'at-least-once',
      ruleId: RULE.id,
      ruleVersion: 'abcdef012345',
      eventId: EVENT.id,
      actionIndex: 0,
      origin: { hour: now.slice(0, 13), source: 'conformance', stream: 'external' },
      decidedAt: now,
    };
  }

  /** One attempt from scratch: at a target that remembers nothing and meets this one with `fault`, if there is one. */
  async fresh(of: TrialOf = {}): Promise<Trial> {
    this.target.clear();
    return await this.attempt(of);
  }

  /** One attempt, as delivery makes it: planned if the kind plans, then sent. Throws when it does not end in time. */
  async attempt({ params, effect = this.effect(params), ...of }: TrialOf = {}): Promise<Trial> {
    const { action } = this.subject;
    const given = Math.min(action.timeoutMs, this.target.patienceMs ?? USUAL_PATIENCE_MS);
    const sent: SentRequest[] = [];
    const answered: GivenAnswer[] = [];
    const attempt: Attempt = {
      effect,
      destination: of.connection ?? this.target.connection,
      signal: of.signal ?? AbortSignal.timeout(of.fault === 'hang' ? given : action.timeoutMs),
      trace: {
        sent: (request) => sent.push(request),
        answered: (answer) => answered.push(answer),
      },
    };
    const work = this.send(attempt, of.fault);
    const ended = await endOf(work, (of.fault === 'hang' ? given : action.timeoutMs) + MARGIN_MS);
    return { effect, ...ended, sent, answered };
  }

  /** The fault is for what is written; what is read before that is planned without it. */
  private async send(attempt: Attempt, fault: TargetFault | undefined): Promise<Receipt> {
    const { action } = this.subject;
    const { id } = attempt.effect;
    const plan = this.plans.get(id) ?? (await action.plan?.(attempt));
    if (plan !== undefined) this.plans.set(id, plan);
    if (fault !== undefined) this.target.fail(fault);
    return await action.send(plan === undefined ? attempt : { ...attempt, plan });
  }
}

class TooLate extends Error {}

async function endOf(work: Promise<Receipt>, limitMs: number): Promise<Pick<Trial, 'receipt' | 'failure'>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new TooLate(`it did not end within ${limitMs} ms`));
    }, limitMs);
  });
  try {
    return { receipt: await Promise.race([work, late]) };
  } catch (error) {
    if (error instanceof Failure) return { failure: error };
    if (error instanceof TooLate) throw error;
    throw new Error(`it threw something that is no Failure: ${errorDetails(error).message}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
