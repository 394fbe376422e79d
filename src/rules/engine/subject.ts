import { createHash } from 'node:crypto';
import type { CanonicalEvent } from '../../contracts/event.js';
import type { Subject } from '../../contracts/memory.js';
import type { Per } from '../rule.js';
import { compilePath } from './path.js';

/** For whom an event counts; undefined when it lacks a member that the key is made of. */
export type SubjectOf = (event: CanonicalEvent) => Subject | undefined;

const LEAD = 'leadId';

/**
 * Compiles what something is counted, throttled or grouped by.
 * @throws PathError
 */
export function compileSubject(per: Per): SubjectOf {
  const isOfLead = per.includes(LEAD);
  const others = per.filter((path) => path !== LEAD).map((path) => compilePath(`$.${path}`));
  return (event) => {
    if (isOfLead && event.leadId === undefined) return undefined;
    const values = others.map((resolve) => resolve(event));
    if (values.some((value) => value === undefined || value === null)) return undefined;
    const rest = values.length === 0 ? '' : JSON.stringify([per, values]);
    if (isOfLead)
      return { owner: leadOwner(event.munchkinId, event.leadId ?? ''), part: rest && hashOf(rest, 12) };
    return { owner: hashOf(rest === '' ? 'all' : rest, 22), part: '' };
  };
}

/** The owner of everything that is kept of a lead. Its id means nothing without its instance. */
export function leadOwner(munchkinId: string | undefined, leadId: string): string {
  return hashOf(JSON.stringify([LEAD, munchkinId ?? '', leadId]), 22);
}

function hashOf(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
