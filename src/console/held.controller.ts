import { Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { includes } from '../access/key.js';
import type { HeldReport } from '../contracts/held.js';
import { HeldDecisions, type HeldWish } from '../queues/held-decisions.js';
import { HeldEffects, type LeadsPage } from '../queues/held-effects.js';
import { HeldReports } from '../queues/held-reports.js';
import { Api } from './api.js';
import type { AdmittedRequest } from './callers.js';
import { ChangeLog } from './change-log.js';
import { CHECKED } from './checked-input.js';
import { FirstQuery } from './first.query.js';
import { HeldLeadsQuery, HeldQuery } from './held.query.js';
import { Requires } from './requires.js';

/** Samples tell of people, which is for operators only. */
type ShownReport = Omit<HeldReport, 'samples'> & Partial<Pick<HeldReport, 'samples'>>;

interface Decided {
  readonly ruleId: string;
  /** How many effects go this way, exactly; workers see to it within a few seconds. */
  readonly effects: number;
}

/** Rules that did more than their limit allows, what they would do, and what is to become of it. */
@Api('held')
export class HeldController {
  constructor(
    private readonly decisions: HeldDecisions,
    private readonly effects: HeldEffects,
    private readonly reports: HeldReports,
    private readonly changes: ChangeLog,
  ) {}

  /** The longest held first. */
  @Get()
  @Requires('viewer')
  async list(
    @Query(CHECKED) { limit, cursor }: HeldQuery,
    @Req() request: AdmittedRequest,
  ): Promise<{ held: ShownReport[]; cursor?: string }> {
    const { reports, ...more } = await this.reports.page(limit, cursor);
    return { held: reports.map((report) => shown(report, request)), ...more };
  }

  @Get(':rule')
  @Requires('viewer')
  async show(@Param('rule') ruleId: string, @Req() request: AdmittedRequest): Promise<ShownReport> {
    return shown(await this.reports.of(await this.decisions.find(ruleId)), request);
  }

  /** In the order in which they came. */
  @Get(':rule/leads')
  @Requires('operator')
  async leads(
    @Param('rule') ruleId: string,
    @Query(CHECKED) { limit, cursor }: HeldLeadsQuery,
  ): Promise<LeadsPage> {
    return await this.effects.leads((await this.decisions.find(ruleId)).id, limit, cursor);
  }

  /** With `first` only so many, and the rule stays held; otherwise it may act again, and its limit counts anew. */
  @Post(':rule/release')
  @HttpCode(200)
  @Requires('operator')
  async release(
    @Param('rule') ruleId: string,
    @Query(CHECKED) { first }: FirstQuery,
    @Req() request: AdmittedRequest,
  ): Promise<{ released: Decided }> {
    return { released: await this.decide({ ruleId, decision: 'release', first }, request) };
  }

  /** Nothing of it is sent. The rule may act again, and its limit counts anew. */
  @Post(':rule/discard')
  @HttpCode(200)
  @Requires('operator')
  async discard(
    @Param('rule') ruleId: string,
    @Req() request: AdmittedRequest,
  ): Promise<{ discarded: Decided }> {
    return { discarded: await this.decide({ ruleId, decision: 'discard' }, request) };
  }

  private async decide(wish: Omit<HeldWish, 'by'>, request: AdmittedRequest): Promise<Decided> {
    const { ruleId, effects } = await this.decisions.decide({ ...wish, by: request.caller.name }, (line) =>
      this.changes.write(request, line),
    );
    return { ruleId, effects };
  }
}

function shown({ samples, ...report }: HeldReport, { caller }: AdmittedRequest): ShownReport {
  return includes(caller.role, 'operator') ? { ...report, samples } : report;
}
