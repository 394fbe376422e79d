import { Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { includes } from '../access/key.js';
import { systemClock } from '../contracts/clock.js';
import { counted } from '../contracts/counted.js';
import type { HeldDecision, HeldReport, HeldRule } from '../contracts/held.js';
import { HeldEffects } from '../queues/held-effects.js';
import { HeldReports } from '../queues/held-reports.js';
import { HeldRules } from '../queues/held-rules.js';
import { Api } from './api.js';
import { type ApiError, notFound } from './api-error.js';
import type { AdmittedRequest } from './callers.js';
import { ChangeLog } from './change-log.js';
import { CHECKED } from './checked-input.js';
import { FirstQuery } from './first.query.js';
import { Requires } from './requires.js';

/** Samples tell of people, which is for operators only. */
type ShownReport = Omit<HeldReport, 'samples'> & Partial<Pick<HeldReport, 'samples'>>;

interface Decided {
  readonly ruleId: string;
  /** How many effects go this way; workers see to it within a few seconds. */
  readonly effects: number;
}

/** Rules that did more than their limit allows, what they would do, and what is to become of it. */
@Api('held')
export class HeldController {
  constructor(
    private readonly rules: HeldRules,
    private readonly effects: HeldEffects,
    private readonly reports: HeldReports,
    private readonly changes: ChangeLog,
  ) {}

  /** The longest held first. */
  @Get()
  @Requires('viewer')
  async list(@Req() request: AdmittedRequest): Promise<{ held: ShownReport[] }> {
    const reports = await Promise.all((await this.rules.list()).map((rule) => this.reports.of(rule)));
    return { held: reports.map((report) => shown(report, request)) };
  }

  @Get(':rule')
  @Requires('viewer')
  async show(@Param('rule') ruleId: string, @Req() request: AdmittedRequest): Promise<ShownReport> {
    return shown(await this.reports.of(await this.find(ruleId)), request);
  }

  @Get(':rule/leads')
  @Requires('operator')
  async leads(@Param('rule') ruleId: string): Promise<{ leads: string[] }> {
    return { leads: await this.reports.leadsOf(await this.find(ruleId)) };
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

  private async decide(
    {
      ruleId,
      decision,
      first,
    }: Pick<HeldDecision, 'ruleId' | 'decision'> & { readonly first?: number | undefined },
    request: AdmittedRequest,
  ): Promise<Decided> {
    const before = await this.effects.count((await this.find(ruleId)).id);
    const wanted = { ruleId, decision, by: request.caller.id, at: systemClock.now() };
    const decided =
      first === undefined ? await this.rules.decide(wanted) : await this.rules.decideFirst(wanted, first);
    if (decided === undefined) throw nothingHeld(ruleId);
    const effects = Math.min(before, first ?? before);
    const what = decision === 'release' ? 'held.released' : 'held.discarded';
    const detail = `${counted(effects, 'effect')}: ${decided.reason}`;
    await this.changes.write(request, { what, target: ruleId, detail });
    return { ruleId, effects };
  }

  private async find(ruleId: string): Promise<HeldRule> {
    const rule = await this.rules.find(ruleId);
    if (rule === undefined) throw nothingHeld(ruleId);
    return rule;
  }
}

function shown({ samples, ...report }: HeldReport, { caller }: AdmittedRequest): ShownReport {
  return includes(caller.role, 'operator') ? { ...report, samples } : report;
}

function nothingHeld(ruleId: string): ApiError {
  return notFound(`Nothing is held of a rule ${JSON.stringify(ruleId)}.`);
}
