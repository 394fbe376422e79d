import type { CanonicalEvent } from '../../contracts/event.js';
import type { JsonObject } from '../../contracts/json.js';
import { parseInstant } from '../../contracts/instant.js';
import { zonedNow } from '../flow/zoned-time.js';
import type { Question } from '../memory/question.js';
import { eventTime } from './event-time.js';
import { leadOf } from './lead.js';

/** What is known beside the event from the beginning. What the event itself carries goes before it. */
export interface GivenFacts {
  /** The person, as a test says; nobody is asked for more. */
  readonly lead?: JsonObject;
  /** Marketo's latest usage figures for the instance of the event. */
  readonly usage?: unknown;
}

/** What memory knows at one event, right after the event itself was noted. */
export interface Remembered {
  answer(question: Question): unknown;
  /** Fields of the person by the names under which they were asked for; those that are not known are left out. */
  readonly lead: JsonObject;
}

/** One event as conditions see it. What costs something is worked out once, when the first condition asks. */
export class FactScope {
  private knownLead: JsonObject | undefined;
  private knownInstant: number | undefined;
  private remembered: Remembered | undefined;
  private lookedUp: JsonObject | undefined;
  private answers: Map<string, unknown> | undefined;

  constructor(
    readonly event: CanonicalEvent,
    private readonly given: GivenFacts | undefined,
  ) {}

  get lead(): JsonObject {
    return (this.knownLead ??= leadOf(this.event, {
      ...this.lookedUp,
      ...this.remembered?.lead,
      ...this.given?.lead,
    }));
  }

  get usage(): unknown {
    return this.given?.usage;
  }

  /** The event's own time, epoch milliseconds; NaN, which is before and after nothing, when it cannot be read. */
  get instant(): number {
    return (this.knownInstant ??= parseInstant(this.event.time) ?? Number.NaN);
  }

  /** From now on memory answers. */
  remember(remembered: Remembered): void {
    this.remembered = remembered;
    this.knownLead = undefined;
  }

  /** Memory has no more to say of this event: it goes on to the next. What was answered stays. */
  endMemory(): void {
    this.remembered = this.remembered && { lead: this.remembered.lead, answer: () => undefined };
  }

  /** From now on everything is known of the person that can be. */
  learn(fields: JsonObject): void {
    this.lookedUp = fields;
    this.knownLead = undefined;
  }

  /** Undefined as well when memory was not asked. */
  answer(question: Question): unknown {
    const { key } = question;
    if (this.answers?.has(key)) return this.answers.get(key);
    if (this.remembered === undefined) return undefined;
    const answer = this.remembered.answer(question);
    (this.answers ??= new Map<string, unknown>()).set(key, answer);
    return answer;
  }

  /** What memory answered to the question with this key; undefined when nobody asked. */
  answered(key: string): unknown {
    return this.answers?.get(key);
  }

  wasAsked(key: string): boolean {
    return this.answers?.has(key) === true;
  }

  hasAnswer({ key }: Question): boolean {
    return this.remembered !== undefined || this.answers?.has(key) === true;
  }

  /** True when it is known what this member of the lead fact is, or that nobody can say. */
  knowsOfLead(field: string): boolean {
    if (this.lookedUp !== undefined || this.given?.lead !== undefined || this.event.leadId === undefined)
      return true;
    return Object.hasOwn(this.lead, field);
  }
}

export interface Fact {
  readonly doc: string;
  /** `timeZone`: IANA name, that of the rule; UTC unless given. */
  readonly read: (scope: FactScope, timeZone?: string) => unknown;
}

/** Every fact by name that takes no `params`, for the compiler, the checker, the explanation and the reference. */
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
        'What is known of the person: `id`, the fields that the event carries, the field that a change names, what ' +
        'earlier events told, and for the rest one look-up over Marketo REST. Fields go by their display names or by ' +
        'their REST names (`Lead Score` or `leadScore`).',
      read: (scope) => scope.lead,
    },
  ],
  [
    'now',
    {
      doc:
        "The clock at the event's own time, in the rule's `timeZone`: `$.hour` (0 to 23), `$.minute`, `$.weekday` (1 is " +
        'Monday, 7 is Sunday), `$.date` (`2026-01-31`).',
      read: (scope, timeZone = 'UTC') => zonedNow(eventTime(scope.event), timeZone),
    },
  ],
  [
    'usage',
    {
      doc:
        "Marketo's API calls of the day for the instance of the event, or for the only instance where the event names " +
        'none: `munchkinId used limit percent forecastAtMidnight forecastPercent topUser users`. Missing while nothing ' +
        'was read of this day; `limit` and percentages only where the connection says how many calls a day there are.',
      read: (scope) => scope.usage,
    },
  ],
]);
