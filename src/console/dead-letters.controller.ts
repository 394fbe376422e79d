import { Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { includes } from '../access/key.js';
import { type DeadLetter, DeadLetters } from '../queues/dead-letters.js';
import { Api } from './api.js';
import { notFound } from './api-error.js';
import type { AdmittedRequest } from './callers.js';
import { ChangeLog } from './change-log.js';
import { CHECKED } from './checked-input.js';
import { LimitQuery } from './limit.query.js';
import { codeOf } from './shown-effect.js';
import { Requires } from './requires.js';

/** A dead letter without what it carries, which may be of people. */
interface ListedLetter extends Omit<DeadLetter, 'failedAt' | 'data' | 'reason'> {
  /** The code alone for whoever may not see texts: the sentence can name a person. */
  readonly reason?: string;
  /** RFC 3339 in UTC. */
  readonly failedAt: string;
  readonly source?: string;
  readonly to?: string;
  readonly ruleId?: string;
}

/** What was given up and waits for a person. */
@Api('dead-letters')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLetters,
    private readonly changes: ChangeLog,
  ) {}

  /** Newest first, at most `limit` of each queue. */
  @Get()
  @Requires('viewer')
  async list(
    @Query(CHECKED) { limit }: LimitQuery,
    @Req() { caller }: AdmittedRequest,
  ): Promise<{ total: Readonly<Record<string, number>>; letters: ListedLetter[] }> {
    const [total, letters] = await Promise.all([this.letters.count(), this.letters.list(limit)]);
    const isWhole = includes(caller.role, 'operator');
    return { total, letters: letters.map((letter) => listed(letter, isWhole)) };
  }

  @Post(':id/replay')
  @HttpCode(200)
  @Requires('operator')
  async replay(@Param('id') id: string, @Req() request: AdmittedRequest): Promise<{ replayed: string }> {
    const note = (): Promise<void> => this.changes.write(request, { what: 'dead.replayed', target: id });
    if (!(await this.letters.replay(id, note)))
      throw notFound(`There is no dead letter ${JSON.stringify(id)}.`);
    return { replayed: id };
  }
}

function listed({ data, failedAt, reason, ...letter }: DeadLetter, isWhole: boolean): ListedLetter {
  const told = isWhole ? reason : codeOf(reason);
  const { source, to, ruleId } = data as Partial<Record<'source' | 'to' | 'ruleId', string>>;
  return {
    ...letter,
    failedAt: new Date(failedAt).toISOString(),
    ...(told === undefined ? {} : { reason: told }),
    ...(source === undefined ? {} : { source }),
    ...(to === undefined ? {} : { to }),
    ...(ruleId === undefined ? {} : { ruleId }),
  };
}
