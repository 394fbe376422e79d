import type { CanonicalEvent } from '../../contracts/event.js';
import { hashOf } from '../../contracts/hash-of.js';
import { leadOwner } from '../../contracts/lead-owner.js';
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
 * Compiles what something is counted by.
 * @throws PathError
 */
export function compileSubject(per: Per): SubjectOf {
  const subjectOf = compileLooseSubject(per);
  const paths = per.map((path) => compilePath(`$.${path}`));
  return (event) => (paths.some((resolve) => isMissing(resolve(event))) ? undefined : subjectOf(event));
}

/**
 * Compiles what something is throttled or grouped by: events that lack a member share a key with others that do.
 * @throws PathError
 */
export function compileLooseSubject(per: Per): (event: CanonicalEvent) => Subject {
  const others = per.filter((path) => path !== LEAD).map((path) => compilePath(`$.${path}`));
  const isOfLead = per.includes(LEAD);
  return (event) => {
    const values = others.map((resolve) => resolve(event) ?? null);
    const rest = values.length === 0 ? '' : JSON.stringify([per, values]);
    if (isOfLead && event.leadId !== undefined)
      return { owner: leadOwner(event.munchkinId, event.leadId), part: rest && hashOf(rest, 8) };
    return { owner: hashOf(rest === '' ? 'all' : rest, 16), part: '' };
  };
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** The owner of what is kept of the person whom an event is about; undefined when it is about nobody. */
export function personOf({
  munchkinId,
  leadId,
}: Pick<CanonicalEvent, 'munchkinId' | 'leadId'>): string | undefined {
  return leadId === undefined ? undefined : leadOwner(munchkinId, leadId);
}

/** The owner of what belongs to one rule alone, for events that have no key. */
export function ruleOwner(ruleId: string): string {
  return hashOf(JSON.stringify(['rule', ruleId]), 16);
}
