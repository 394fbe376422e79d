import { Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import { ApiKeys } from '../access/api-keys.js';
import { FailedAttempts, TooManyAttempts } from '../access/failed-attempts.js';
import { includes, type Key } from '../access/key.js';
import { presentedKey } from '../access/secrets.js';
import { Metrics } from '../observability/metrics.js';
import { SeldomLog } from '../observability/seldom-log.js';
import { ApiError, unauthorized } from './api-error.js';
import { isFromThisMachine } from './local-request.js';

/** A request that the guard let in. */
export interface AdmittedRequest extends FastifyRequest {
  caller: Key;
}

type Refusal = 'missing' | 'unknown' | 'forbidden' | 'too_many';

/** Finds out who asks. Who is refused is counted, and seldom told in the log. */
@Injectable()
export class Callers {
  private readonly log = new SeldomLog(new Logger('Api'));
  private readonly refusals: Counter<'reason'>;

  constructor(
    private readonly keys: ApiKeys,
    private readonly attempts: FailedAttempts,
    { registry }: Metrics,
  ) {
    this.refusals = new Counter({
      name: 'signalman_api_refusals_total',
      help: 'Requests to the API that were refused: no key, an unknown one, one for something else, too many tries.',
      labelNames: ['reason'],
      registers: [registry],
    });
  }

  /**
   * Whose key came with the request. Throws 401 or 429 when it is nobody's, and a transient `Failure` when that cannot
   * be told now.
   */
  async identify(request: FastifyRequest): Promise<Key> {
    const presented = presentedKey(request.headers);
    if (presented === undefined) {
      this.refused('missing', request);
      throw unauthorized(
        'Send an API key as Authorization: Bearer or x-api-key; "signalman keys create" makes one.',
      );
    }
    const caller = await this.attempt(request, presented);
    if (caller !== undefined) return caller;
    this.refused('unknown', request);
    throw unauthorized('There is no such API key.');
  }

  /** Whether details are for him: on this machine, or with the key of a viewer. */
  async maySee(request: FastifyRequest): Promise<boolean> {
    if (isFromThisMachine(request)) return true;
    if (presentedKey(request.headers) === undefined) return false;
    try {
      return includes((await this.identify(request)).role, 'viewer');
    } catch {
      // He gets the answer that is for everybody.
      return false;
    }
  }

  refused(reason: Refusal, { ip, method, routeOptions }: FastifyRequest): void {
    this.refusals.inc({ reason });
    const route = `${method} ${routeOptions.url ?? ''}`;
    this.log.warn(reason, { event: 'api.refused', reason, from: ip, route });
  }

  private async attempt(request: FastifyRequest, presented: string): Promise<Key | undefined> {
    try {
      return await this.attempts.attempt(request.ip, presented, () => this.keys.verify(presented));
    } catch (error) {
      if (!(error instanceof TooManyAttempts)) throw error;
      this.refused('too_many', request);
      throw new ApiError(429, 'too_many_attempts', error.message, {
        'retry-after': String(error.retryAfter),
      });
    }
  }
}
