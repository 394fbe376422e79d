import { Inject, Injectable } from '@nestjs/common';
import { transient } from '../../contracts/failure.js';
import { isJsonObject, parseJson } from '../../contracts/json.js';
import { failureOfStatus } from '../http/failure-of-status.js';
import type { AdobeAccount } from '../ims/adobe-account.js';
import { AdobeApi } from '../ims/adobe-api.js';
import { PACE, type Pace } from '../pace.js';

const SERVICE = "Adobe's registration";
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;
const MAX_STATUS = 100;

/** What Adobe says of a registration. */
export interface RegistrationState {
  readonly enabled: boolean;
  /** Adobe's word, such as `verified`, `unstable`, `disabled`. */
  readonly status: string;
}

/** Asks Adobe's Registration API for one registration. */
@Injectable()
export class RegistrationClient {
  constructor(
    private readonly api: AdobeApi,
    @Inject(PACE) private readonly pace: Pace,
  ) {}

  /** `url`: as in the connections file. Throws a `Failure` when there is no such answer. */
  async read(account: AdobeAccount, url: string): Promise<RegistrationState> {
    const wanted = { service: SERVICE, url, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
    const answer = await this.api.get(account, wanted);
    if (answer.status !== 200) throw failureOfStatus(SERVICE, answer, this.pace.now());
    const told = parseJson(answer.body);
    const { enabled, webhook_status: status } = isJsonObject(told) ? told : {};
    if (typeof enabled !== 'boolean' && typeof status !== 'string')
      throw transient('adobe.unreadable', `${SERVICE} tells neither enabled nor webhook_status.`);
    return {
      enabled: enabled !== false,
      status: typeof status === 'string' ? status.slice(0, MAX_STATUS) : 'unknown',
    };
  }
}

/** False when Adobe has ceased to deliver, or is about to. */
export function delivers({ enabled, status }: RegistrationState): boolean {
  return enabled && !/unstable|disabled/i.test(status);
}
