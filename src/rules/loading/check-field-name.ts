import type { CanonicalEvent } from '../../contracts/event.js';
import { nearest } from '../../contracts/nearest.js';
import type { Checked } from './check-context.js';
import type { Path } from './jsonc-document.js';
import { attributesOf } from './known-events.js';
import { warning, type Problem } from './problem.js';

const MEMBERS: Readonly<Record<keyof CanonicalEvent, true>> = {
  id: true,
  type: true,
  connection: true,
  source: true,
  subject: true,
  time: true,
  untimed: true,
  receivedAt: true,
  stream: true,
  munchkinId: true,
  leadId: true,
  data: true,
  attributes: true,
  oddities: true,
  cause: true,
};

/** Members that every event has. */
export const EVENT_MEMBERS: ReadonlySet<string> = new Set(Object.keys(MEMBERS));

/** Facts that are one text, which no path leads into. */
export const TEXT_FACTS: ReadonlySet<string> = new Set(['type', 'leadId', 'munchkinId', 'time']);

/** Warns of names that nothing known has: a member of the event, an attribute of the activities in `on`. */
export function checkFieldName(
  { document, types }: Checked,
  { fact, names }: { readonly fact: string; readonly names: readonly string[] },
  at: Path,
): Problem[] {
  if (TEXT_FACTS.has(fact) && names.length > 0) {
    return [document.at(at, warning('path.ignored', `the fact "${fact}" is a text: the path has no effect`))];
  }
  const [first, ...rest] = fact === 'event' ? names : [fact, ...names];
  if (first === undefined) return [];
  if (fact === 'event' && !EVENT_MEMBERS.has(first)) {
    const message = `an event has no member "${first}"`;
    return [document.at(at, warning('path.unknown-member', message, nearest(first, EVENT_MEMBERS)))];
  }
  const [attribute] = rest;
  if (first !== 'attributes' || attribute === undefined || types === undefined) return [];
  const known = attributesOf(types);
  if (known === undefined || known.has(attribute)) return [];
  const message = `no event type in "on" is known to have the attribute "${attribute}"`;
  return [document.at(at, warning('attribute.unknown', message, nearest(attribute, known)))];
}
