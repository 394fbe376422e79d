import { createHash } from 'node:crypto';
import type { CanonicalEvent } from '../../contracts/event.js';
import type { Per } from '../rule.js';
import { compilePath } from './path.js';

/**
 * For whom something is counted, throttled or kept. Everything of one owner is erased together: an owner is a lead of an
 * instance wherever a lead's id is part of the key.
 */
export interface Subject {
  /** Hash, 16 characters of base64url. */
  readonly owner: string;
  /** The rest of the key, such as the name of a field: its hash, 8 characters; empty when there is no rest. */
  readonly part: string;
}

/** Undefined when the event lacks a member that the key is made of. */
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
      return { owner: leadOwner(event.munchkinId, event.leadId ?? ''), part: rest && hashOf(rest, 8) };
    return { owner: hashOf(rest === '' ? 'all' : rest, 16), part: '' };
  };
}

/** The owner of everything that is kept of a lead. Its id means nothing without its instance. */
export function leadOwner(munchkinId: string | undefined, leadId: string): string {
  return hashOf(JSON.stringify([LEAD, munchkinId ?? '', leadId]), 16);
}

/** The owner of what belongs to one rule alone, for events that have no key. */
export function ruleOwner(ruleId: string): string {
  return hashOf(JSON.stringify(['rule', ruleId]), 16);
}

/** The first characters of a text's SHA-256 in base64url. */
export function hashOf(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
