import type { CanonicalEvent } from '../../contracts/event.js';
import type { JsonObject } from '../../contracts/json.js';
import { parseInstant } from '../../contracts/instant.js';
import { leadOf } from './lead.js';

/** What is known beside the event. What the event itself carries goes before it. */
export interface GivenFacts {
  readonly lead?: JsonObject;
}

/** One event as conditions see it. What costs something is worked out once, when the first condition asks. */
export class FactScope {
  private knownLead: JsonObject | undefined;
  private knownInstant: number | undefined;

  constructor(
    readonly event: CanonicalEvent,
    private readonly given: GivenFacts | undefined,
  ) {}

  get lead(): JsonObject {
    return (this.knownLead ??= leadOf(this.event, this.given?.lead));
  }

  /** The event's own time, epoch milliseconds; NaN, which is before and after nothing, when it cannot be read. */
  get instant(): number {
    return (this.knownInstant ??= parseInstant(this.event.time) ?? Number.NaN);
  }
}

export interface Fact {
  readonly doc: string;
  readonly read: (scope: FactScope) => unknown;
}

/** Every fact by name, for the compiler, the checker, the explanation and the reference. */
export const FACTS: ReadonlyMap<string, Fact> = new Map<string, Fact>([
  [
    'event',
    {
      doc: 'The whole event: `id source type subject time receivedAt stream munchkinId leadId data attributes`.',
      read: (scope) => scope.event,
    },
  ],
  [
    'type',
    { doc: 'The type of the event: `marketo.activity.clicklink`.', read: (scope) => scope.event.type },
  ],
  ['data', { doc: 'What the sender put into the event.', read: (scope) => scope.event.data }],
  [
    'attributes',
    {
      doc: "The activity's attributes by name: `$['Campaign Run ID']`; an empty object for events that have none.",
      read: (scope) => scope.event.attributes,
    },
  ],
  ['leadId', { doc: "The lead's id, always a text.", read: (scope) => scope.event.leadId }],
  [
    'munchkinId',
    {
      doc: 'The Marketo instance that the event came from: `123-ABC-456`.',
      read: (scope) => scope.event.munchkinId,
    },
  ],
  [
    'time',
    { doc: 'When it happened, in UTC: `2026-01-31T09:00:00.000Z`.', read: (scope) => scope.event.time },
  ],
  [
    'lead',
    {
      doc:
        'What is known of the person: `id`, the fields that the event carries, and the field that a change names, ' +
        'under its display name and in camel case (`Lead Score` and `leadScore`).',
      read: (scope) => scope.lead,
    },
  ],
]);
