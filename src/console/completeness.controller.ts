import { Get, Query } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
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
    const end = to === undefined ? systemClock.now() : Date.parse(to);
    const start = from === undefined ? end - DAY_MS : Date.parse(from);
    if (start > end) throw badRequest('from must not be later than to.');
    const range = { from: start, to: end, ...(source === undefined ? {} : { source }) };
    return await this.ledger.report(range, this.work);
  }
}
