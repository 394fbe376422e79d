import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../contracts/clock.js';
import type { MarketoDestination } from '../contracts/connections.js';
import type { Fault } from './http/fault.js';
import { type HttpAnswer, type HttpRequest, json, text } from './http/http-answer.js';
import { HttpStandIn } from './http/http-stand-in.js';
import { MarketoAccess, type MarketoCredentials } from './marketo/access.js';
import { type Call, readCall } from './marketo/contract-check.js';
import { MarketoInstance } from './marketo/instance.js';
import { PERFORM } from './marketo/operations.js';
import { type MarketoLimits, MarketoQuota } from './marketo/quota.js';
import { isRefusal, type Refusal, type Result, type Violation } from './marketo/refusal.js';
import { ReceivedLog } from './received-log.js';

/** A fault of Marketo: beside those of any server an error code inside an HTTP 200 answer (`606`, `1003`). */
export interface MarketoFault extends Fault {
  readonly code?: string;
}

/** A call that was understood, with what came of it. */
export interface MarketoCall extends Call {
  readonly receivedAt: string;
  readonly outcome: Result | Refusal;
}

const IDENTITY = '/identity/';

/**
 * Marketo's REST service on loopback: token, lists, leads and their fields, programs, campaigns, activities and usage.
 * Requests that break Adobe's contract are refused and kept in `violations`.
 */
export class MarketoStandIn extends HttpStandIn<MarketoFault> {
  readonly instance: MarketoInstance;
  readonly access: MarketoAccess;
  readonly calls = new ReceivedLog<MarketoCall>();
  readonly violations = new ReceivedLog<Violation>();
  private readonly quota: MarketoQuota;

  constructor(
    private readonly munchkinId: string,
    private readonly credentials: MarketoCredentials,
    private readonly clock: Clock = systemClock,
  ) {
    super();
    this.instance = new MarketoInstance(clock);
    this.access = new MarketoAccess(credentials, clock);
    this.quota = new MarketoQuota(clock);
  }

  /** The limits in force, to be changed by tests. */
  get limits(): MarketoLimits {
    return this.quota.limits;
  }

  /** The calls that others have made on this day, by user, to be changed by tests. */
  get othersCalls(): Map<string, number> {
    return this.quota.others;
  }

  destination(): MarketoDestination {
    return { kind: 'marketo', munchkinId: this.munchkinId, origin: this.origin, ...this.credentials };
  }

  override clear(): void {
    super.clear();
    this.instance.clear();
    this.quota.others.clear();
    this.calls.clear();
    this.violations.clear();
  }

  protected override meets(fault: MarketoFault, request: HttpRequest): boolean {
    const identity = request.url.pathname.startsWith(IDENTITY);
    return super.meets(fault, request) && !(identity && fault.code !== undefined);
  }

  protected override faultAnswer(fault: MarketoFault): HttpAnswer | undefined {
    if (fault.code === undefined) return super.faultAnswer(fault);
    return refusalAnswer({ code: fault.code, message: fault.body ?? 'Asked for by a test' });
  }

  protected answer(request: HttpRequest): HttpAnswer {
    const call = readCall(request);
    if (request.url.pathname.startsWith(IDENTITY)) return this.identify(call, request);
    const refusal = this.access.refusal(request.headers.authorization) ?? this.quota.refusal(this.inFlight);
    const outcome = refusal ?? (isRefusal(call) ? call : this.perform(call));
    this.quota.count(isRefusal(outcome) ? outcome : undefined);
    const receivedAt = new Date(this.clock.now()).toISOString();
    if (!isRefusal(call)) this.calls.add({ ...call, receivedAt, outcome });
    if (!isRefusal(outcome)) return json(200, { requestId: requestId(), ...outcome, success: true });
    this.keepViolation(outcome, request);
    return refusalAnswer(outcome);
  }

  private identify(call: Call | Refusal, request: HttpRequest): HttpAnswer {
    if (!isRefusal(call)) {
      return this.access.issue(call.parameters['client_id'], call.parameters['client_secret']);
    }
    this.keepViolation(call, request);
    return json(call.http ?? 400, { error: 'invalid_request', error_description: call.message });
  }

  private perform(call: Call): Result | Refusal {
    return call.operationId === 'identity'
      ? { code: '610', message: 'Requested resource not found' }
      : PERFORM[call.operationId](call, this.instance, this.quota);
  }

  private keepViolation(refusal: Refusal, request: HttpRequest): void {
    if (refusal.violation === true) this.violations.add({ ...refusal, request });
  }
}

function refusalAnswer({ code, message, http }: Refusal): HttpAnswer {
  if (http !== undefined) return text(http, message);
  return json(200, { requestId: requestId(), success: false, errors: [{ code, message }] });
}

/** Two hexadecimal numbers, as in `e42b#14272d07d78`. */
function requestId(): string {
  return `${randomBytes(2).toString('hex')}#${Date.now().toString(16)}`;
}
