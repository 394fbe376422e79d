import { Injectable } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { Journal } from '../journal/journal.js';
import type { AuditRecord } from '../journal/journal-entry.js';
import type { AdmittedRequest } from './callers.js';

/**
 * Writes down what somebody changes over the API. What is done to effects and lanes is written down before it is done, so
 * that nothing is done unseen.
 */
@Injectable()
export class ChangeLog {
  constructor(private readonly journal: Journal) {}

  async write(
    { caller, ip }: AdmittedRequest,
    change: Pick<AuditRecord, 'what' | 'target' | 'detail'>,
  ): Promise<void> {
    const at = new Date(systemClock.now()).toISOString();
    const audit = { at, who: caller.id, name: caller.name, from: ip, ...change };
    await this.journal.append([{ kind: 'audit', audit }]);
  }
}
