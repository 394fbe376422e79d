import type { JsonObject } from './json.js';

/** An activity that a write of ours makes in Marketo's stream, so that it is known as ours when it comes back. */
export interface OwnActivity {
  /** Short name: `marketo.activity.addtolist`. */
  readonly type: string;
  /**
   * What it is about: the id of a list, a program, a campaign or a custom type; the canonical name of a field
   * (`lead-field-names.ts`). Empty where the type says all.
   */
  readonly what: string;
  /** What it says of that: the new value, the new status; empty where nothing, or where it is not known. */
  readonly value: string;
}

/** What a kind of effect writes to a lead. */
export interface OwnWrites {
  /** Types of all activities that one can make. */
  readonly types: readonly string[];
  /** `plan`: what the action planned before it wrote. Pure; never throws, whatever a template made of the parameters. */
  readonly of: (params: JsonObject, plan?: JsonObject) => OwnWrite;
}

export interface OwnWrite {
  /** Undefined where Marketo's answer tells first whom it was about. */
  readonly leadId?: string | undefined;
  readonly activities: readonly OwnActivity[];
  /** When they happen, where not when it is written: epoch milliseconds. */
  readonly since?: number;
}

/** A write as it is noted before it is made. */
export interface NotedWrite extends Pick<OwnWrite, 'activities' | 'since'> {
  readonly effectId: string;
  readonly ruleId: string;
  /** The event for which the rule fired. */
  readonly eventId: string;
  /** Of the event that it makes: how many firings led to it. */
  readonly depth: number;
}

/** A value as activities and parameters have it in common: `True` and true, `10` and 10 are the same. */
export function plainValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.trim().toLowerCase();
}
