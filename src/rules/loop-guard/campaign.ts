import { CUSTOM_ACTIVITY } from '../../catalogue/activity-types.js';
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
export function campaignOf({ type, data, attributes }: CanonicalEvent): Campaign | undefined {
  // Those of a customer's own activity mean what he wants, such as the campaign of an advertisement in a link.
  const told: CanonicalEvent['attributes'] = type === CUSTOM_ACTIVITY ? {} : attributes;
  const campaignId = textOf(data['campaignId']);
  const name =
    textOf(data['campaignName']) ??
    textOf(told['Campaign']) ??
    BY_CAMPAIGN.exec(textOf(told['Reason']) ?? '')?.[1];
  if (campaignId !== undefined) return { campaignId, name: name ?? campaignId };
  return name === undefined ? undefined : { name };
}
