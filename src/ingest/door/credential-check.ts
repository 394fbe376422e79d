import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { FailedAttempts, TooManyAttempts } from '../../access/failed-attempts.js';
import { Failure } from '../../contracts/failure.js';
import { tooManyAttempts, unavailable } from './door-error.js';

/** Checks what senders present, for every door that asks for a secret. */
@Injectable()
export class CredentialCheck {
  constructor(private readonly attempts: FailedAttempts) {}

  /**
   * What the credential stands for, undefined when it is wrong. Throws 429 without checking when too many wrong ones
   * came from the sender's address, and 503 when `check` throws a `Failure`: it cannot be told now.
   */
  async check<T>(
    source: string,
    { ip }: FastifyRequest,
    credential: string,
    check: () => T | undefined | Promise<T | undefined>,
  ): Promise<T | undefined> {
    try {
      return await this.attempts.attempt(ip, `${source} ${credential}`, check);
    } catch (error) {
      if (error instanceof TooManyAttempts) throw tooManyAttempts(error);
      if (error instanceof Failure) throw unavailable('access_unavailable', error.message);
      throw error;
    }
  }
}
