import { Injectable } from '@nestjs/common';
import { cut } from '../contracts/cut.js';
import type { HeldEffect, HeldReport, HeldRule, HeldSample } from '../contracts/held.js';
import { HeldEffects } from './held-effects.js';
import { HeldRules } from './held-rules.js';

const SAMPLES = 3;
const LONGEST_TEXT = 160;

/** Some of the rules that are held. */
interface ReportsPage {
  readonly reports: readonly HeldReport[];
  /** To be given for those that come after; undefined when there are none. */
  readonly cursor?: string;
}

/** What people see of the rules that are held. */
@Injectable()
export class HeldReports {
  constructor(
    private readonly rules: HeldRules,
    private readonly effects: HeldEffects,
  ) {}

  /** The longest held first, at most `limit`. `cursor`: of the page before. */
  async page(limit: number, cursor?: string): Promise<ReportsPage> {
    const rules = (await this.rules.list()).filter((rule) => cursor === undefined || cursorOf(rule) > cursor);
    const some = rules.slice(0, limit);
    const reports = await Promise.all(some.map((rule) => this.of(rule)));
    const last = some.at(-1);
    return rules.length <= limit || last === undefined ? { reports } : { reports, cursor: cursorOf(last) };
  }

  async of({ id, ruleId, reason, since }: HeldRule): Promise<HeldReport> {
    const [counts, first] = await Promise.all([this.effects.counts(id), this.effects.first(id, SAMPLES)]);
    return {
      ...{ ruleId, reason, since: new Date(since).toISOString() },
      ...counts,
      samples: first.map(sampleOf),
    };
  }
}

/** Of the same length for every time, so that it can be compared as a text. */
function cursorOf({ since, ruleId }: HeldRule): string {
  return `${String(since).padStart(16, '0')}-${ruleId}`;
}

function sampleOf({ effect, leads }: HeldEffect): HeldSample {
  const { id: effectId, type, to, params } = effect;
  const { subject, text: words, ...others } = params;
  const told = [subject, words].filter((each) => typeof each === 'string').join(': ');
  const line = (told === '' ? JSON.stringify({ ...others, to: undefined }) : told).replaceAll(/\s+/g, ' ');
  const text = line.length > LONGEST_TEXT ? `${cut(line, LONGEST_TEXT - 1)}…` : line;
  return { effectId, type, to, leads, text };
}
