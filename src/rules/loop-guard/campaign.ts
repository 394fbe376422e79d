import { ACTIVITY_PREFIX } from '../../catalogue/activity-types.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import { textOf } from './text-of.js';

/** The smart campaign that did what an activity tells of. */
export interface Campaign {
  /** Undefined where the activity gives its name alone. */
  readonly campaignId?: string;
  readonly name: string;
}

/**
 * What the flow of a smart campaign can do to a lead. Others name a campaign too, such as the open of a mail that one sent,
 * but there a person did it; and those of a customer's own activity mean what he wants by their attributes.
 */
const FLOW_STEPS: ReadonlySet<string> = new Set(
  [
    ...['changedatavalue', 'changescore', 'changeowner', 'changeleadpartition', 'deletelead', 'convertlead'],
    ...['addtolist', 'removefromlist', 'requestcampaign', 'executecampaign', 'callwebhook'],
    ...['changestatusinprogression', 'changeprogrammemberdata', 'changeprogramdata', 'changerevenuestage'],
    ...['addtonurture', 'changenurturetrack', 'changenurturecadence'],
    ...['sendemail', 'sendalert', 'interestingmoment'],
    ...['syncleadtosfdc', 'deleteleadfromsfdc', 'syncleadtomicrosoft'],
    ...['addtosfdccampaign', 'removefromsfdccampaign', 'changestatusinsfdccampaign'],
  ].map((name) => ACTIVITY_PREFIX + name),
);

const BY_CAMPAIGN = /^Changed by Smart Campaign (\S.*)$/i;

/** Undefined where no campaign did it. */
export function campaignOf({ type, data, attributes }: CanonicalEvent): Campaign | undefined {
  if (!FLOW_STEPS.has(type)) return undefined;
  const campaignId = textOf(data['campaignId']);
  const name =
    textOf(data['campaignName']) ??
    textOf(attributes['Campaign']) ??
    BY_CAMPAIGN.exec(textOf(attributes['Reason']) ?? '')?.[1];
  if (campaignId !== undefined) return { campaignId, name: name ?? campaignId };
  return name === undefined ? undefined : { name };
}
