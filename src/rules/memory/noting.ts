import { eventTime } from '../engine/event-time.js';
import type { FactScope } from '../engine/facts.js';
import { personOf, type Subject, type SubjectOf } from '../engine/subject.js';
import type { Noted } from './log-records.js';
import type { Series } from './series.js';
import type { TouchedSeries } from './touched-logs.js';

/**
 * One event of a batch, and what it adds to memory. What costs something is worked out once, when somebody asks: most
 * events are of no series.
 */
export class Noting {
  readonly notes: { readonly log: TouchedSeries; readonly series: Series; readonly value?: Noted }[] = [];
  private subjects: Map<SubjectOf, Subject | undefined> | undefined;
  private knownTime: number | undefined;
  private knownPerson: string | undefined;

  constructor(
    readonly scope: FactScope,
    /** What the event tells of its person, by the canonical names of fields. */
    readonly tells: ReadonlyMap<string, unknown>,
    /** False when it was noted before and is only asked about once more. */
    readonly isNew: boolean,
  ) {}

  /** Event time, epoch milliseconds. */
  get time(): number {
    return (this.knownTime ??= eventTime(this.scope.event));
  }

  /** The owner of what is kept of the person whom the event is about. */
  get person(): string | undefined {
    return (this.knownPerson ??= personOf(this.scope.event));
  }

  /** True when it adds nothing. */
  get isEmpty(): boolean {
    return this.notes.length === 0 && this.tells.size === 0;
  }

  subject(subjectOf: SubjectOf): Subject | undefined {
    const subjects = (this.subjects ??= new Map<SubjectOf, Subject | undefined>());
    if (subjects.has(subjectOf)) return subjects.get(subjectOf);
    const subject = subjectOf(this.scope.event);
    subjects.set(subjectOf, subject);
    return subject;
  }
}
