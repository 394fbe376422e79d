import LinkHeader from 'http-link-header';
import type { AdobeJournal } from '../../contracts/connections.js';

/**
 * A place in a journal: path and query on the journal's own host, so that a token never goes elsewhere, whatever a
 * stored place or a link of an answer says.
 */
export type JournalPlace = string;

/** Where the oldest event is that Adobe still has. */
export function oldestPlace({ url }: AdobeJournal): JournalPlace {
  return placeOf(new URL(url));
}

/** Where what comes from now on begins. */
export function latestPlace({ url }: AdobeJournal): JournalPlace {
  const place = new URL(url);
  place.searchParams.set('latest', 'true');
  return placeOf(place);
}

/** What came in the last milliseconds begins here. */
export function placeBack({ url }: AdobeJournal, ms: number): JournalPlace {
  const place = new URL(url);
  place.searchParams.set('seek', `-PT${Math.ceil(ms / 1_000)}S`);
  return placeOf(place);
}

export function urlOf({ url }: AdobeJournal, place: JournalPlace): string {
  return new URL(url).origin + place;
}

/** Where the `next` link of an answer leads; undefined without one, or when it leads to another host. */
export function nextPlace(
  { url }: AdobeJournal,
  header: string | string[] | undefined,
): JournalPlace | undefined {
  const [next] = linksIn(Array.isArray(header) ? header.join(', ') : (header ?? ''));
  if (next === undefined || !URL.canParse(next, url)) return undefined;
  const target = new URL(next, url);
  return target.origin === new URL(url).origin ? placeOf(target) : undefined;
}

function linksIn(header: string): string[] {
  try {
    return LinkHeader.parse(header)
      .rel('next')
      .map(({ uri }) => uri);
  } catch {
    return [];
  }
}

function placeOf({ pathname, search }: URL): JournalPlace {
  return pathname + search;
}
