import { Get, Query } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { parseInstant } from '../contracts/instant.js';
import { CompletenessLedger, type CompletenessReport } from '../journal/completeness.js';
import { QueueContents } from '../queues/queue-contents.js';
import { Api } from './api.js';
import { badRequest } from './api-error.js';
import { CHECKED } from './checked-input.js';
import { CompletenessQuery } from './completeness.query.js';
import { Requires } from './requires.js';

const DAY_MS = 24 * 3_600_000;

/** Whether everything that came is accounted for. */
@Api('completeness')
@Requires('viewer')
export class CompletenessController {
  constructor(
    private readonly ledger: CompletenessLedger,
    private readonly work: QueueContents,
  ) {}

  @Get()
  async report(@Query(CHECKED) { from, to, source }: CompletenessQuery): Promise<CompletenessReport> {
    const now = systemClock.now();
    // Of hours that have not come nothing is missing, and they must not take the place of those that have.
    const end = Math.min(instantOf(to) ?? now, now);
    const start = instantOf(from) ?? end - DAY_MS;
    if (start > end) throw badRequest('from must not be later than to, nor than now.');
    const range = { from: start, to: end, ...(source === undefined ? {} : { source }) };
    return await this.ledger.report(range, this.work);
  }
}

function instantOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : parseInstant(time);
}
