import type { Unreadable } from '../contracts/batch.js';
import type { Decision } from '../contracts/decision.js';

/** What people change in files. */
export type ConfiguredThing = 'rule' | 'connection';

/** What a person can change that is written down. */
export type AuditedAction =
  | 'key.created'
  | 'key.revoked'
  | 'dead.replayed'
  | 'catch-up'
  | 'import'
  | 'silence.added'
  | 'silence.ended'
  | 'lane.paused'
  | 'lane.resumed'
  | 'lead.erased'
  | 'held.released'
  | 'held.discarded'
  | 'rule.undone'
  | `${ConfiguredThing}.${'added' | 'changed' | 'removed'}`;

/** One change that a person made. */
export interface AuditRecord {
  /** RFC 3339 in UTC. */
  readonly at: string;
  /** The id of the API key, `cli:<user>`, or `file`: a file does not say who changed it. */
  readonly who: string;
  /** The name of the API key. */
  readonly name?: string;
  /** The client's address; the host's name for the command line. */
  readonly from: string;
  readonly what: AuditedAction;
  /** What it was done to: the id of a key, a dead letter, a silence, a rule or a lead, the name of a connection. */
  readonly target: string;
  /** One line that says more: the role of a new key, the hours of a catch-up. */
  readonly detail?: string;
}

/** One line of the book. */
export type JournalEntry =
  | { readonly kind: 'unreadable'; readonly unreadable: Unreadable }
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'audit'; readonly audit: AuditRecord };

/** An entry with its place in the book: `<epoch milliseconds>-<sequence>`. */
export type StoredEntry = JournalEntry & { readonly position: string };
