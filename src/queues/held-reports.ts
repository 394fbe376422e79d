import { Injectable } from '@nestjs/common';
import { cut } from '../contracts/cut.js';
import type { HeldEffect, HeldReport, HeldRule, HeldSample } from '../contracts/held.js';
import { HeldEffects } from './held-effects.js';

const SAMPLES = 3;
const LONGEST_TEXT = 160;

/** What people see of a rule that is held. */
@Injectable()
export class HeldReports {
  constructor(private readonly effects: HeldEffects) {}

  /** Reads all that is held of the rule, so it takes its time. */
  async of({ id, ruleId, reason, since }: HeldRule): Promise<HeldReport> {
    const leads = new Set<string>();
    const kinds = new Map<string, { type: string; to: string; effects: number }>();
    const samples: HeldSample[] = [];
    let effects = 0;
    for await (const page of this.effects.pages(id))
      for (const held of page) {
        effects += 1;
        const { type, to } = held.effect;
        const kind = kinds.get(`${type} ${to}`) ?? { type, to, effects: 0 };
        kind.effects += 1;
        kinds.set(`${type} ${to}`, kind);
        for (const lead of held.leads) leads.add(lead);
        if (samples.length < SAMPLES) samples.push(sampleOf(held));
      }
    return {
      ruleId,
      reason,
      since: new Date(since).toISOString(),
      effects,
      leads: leads.size,
      kinds: [...kinds.values()].sort((a, b) => b.effects - a.effects),
      samples,
    };
  }

  /** Every lead for whom something is held, in the order in which they came. */
  async leadsOf({ id }: HeldRule): Promise<string[]> {
    const leads = new Set<string>();
    for await (const page of this.effects.pages(id))
      for (const held of page) for (const lead of held.leads) leads.add(lead);
    return [...leads];
  }
}

function sampleOf({ effect, leads }: HeldEffect): HeldSample {
  const { id: effectId, type, to, params } = effect;
  const { subject, text: words, ...others } = params;
  const told = [subject, words].filter((each) => typeof each === 'string').join(': ');
  const line = (told === '' ? JSON.stringify({ ...others, to: undefined }) : told).replaceAll(/\s+/g, ' ');
  const text = line.length > LONGEST_TEXT ? `${cut(line, LONGEST_TEXT - 1)}…` : line;
  return { effectId, type, to, leads, text };
}
