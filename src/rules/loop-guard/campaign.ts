import type { CanonicalEvent } from '../../contracts/event.js';
import { textOf } from './text-of.js';

/** The smart campaign that did what an activity tells of. */
export interface Campaign {
  /** Undefined where the activity gives its name alone. */
  readonly campaignId?: string;
  readonly name: string;
}

const BY_CAMPAIGN = /^Changed by Smart Campaign (\S.*)$/i;

/** Undefined where no campaign did it. */
export function campaignOf({ data, attributes }: CanonicalEvent): Campaign | undefined {
  const campaignId = textOf(data['campaignId']);
  const name =
    textOf(data['campaignName']) ??
    textOf(attributes['Campaign']) ??
    BY_CAMPAIGN.exec(textOf(attributes['Reason']) ?? '')?.[1];
  if (campaignId !== undefined) return { campaignId, name: name ?? campaignId };
  return name === undefined ? undefined : { name };
}
