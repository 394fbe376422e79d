import type { AdobeSource, EventsSource, MarketoPushSource } from '../../contracts/connections.js';
import type { Stream } from '../../contracts/event.js';
import { namesInstance } from '../../contracts/munchkin-id.js';

const LONGEST_SHOWN = 64;

/**
 * Why a source may not speak for this Marketo instance; undefined when it may. Only a lead activity must name one: its
 * identity is made of it.
 *
 * @param name of the source in the connections file
 */
export function instanceNotAllowed(
  munchkinId: string | undefined,
  stream: Stream,
  source: AdobeSource | MarketoPushSource,
  name: string,
): string | undefined {
  const allowed = source.munchkinIds;
  if (allowed === undefined || (munchkinId === undefined && stream !== 'lead-activity')) return undefined;
  if (munchkinId === undefined)
    return `It names no Marketo instance, and source ${name} takes activities of ${allowed.join(', ')} only: without munchkinIds it would take all.`;
  if (namesInstance(allowed, munchkinId)) return undefined;
  return `It is of the Marketo instance ${shown(munchkinId)}, and source ${name} takes ${allowed.join(', ')} only: add the instance to its munchkinIds if it is yours.`;
}

/** Why an events source may not speak for this CloudEvents `source`; undefined when it may. */
export function senderNotAllowed(
  sender: string,
  { allowedSources }: EventsSource,
  name: string,
): string | undefined {
  if (allowedSources === undefined || allowedSources.some((allowed) => covers(allowed, sender)))
    return undefined;
  return `Its source is ${shown(sender)}, and source ${name} takes ${allowedSources.join(', ')} only: add it to its allowedSources if it may send.`;
}

function covers(allowed: string, sender: string): boolean {
  return allowed.endsWith('*') ? sender.startsWith(allowed.slice(0, -1)) : sender === allowed;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, LONGEST_SHOWN));
}
