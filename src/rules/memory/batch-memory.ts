import {
  PROFILE_FIELD,
  type LogChange,
  type LogPlace,
  type LogsBefore,
  type MemoryRequest,
} from '../../contracts/memory.js';
import type { FactScope, Remembered } from '../engine/facts.js';
import type { RuleSet } from '../engine/rule-set.js';
import { Departures } from './departures.js';
import { tellsOf } from './lead-fields.js';
import { encodeNote, type SeriesEntry } from './log-records.js';
import { measure } from './measures.js';
import { Noting } from './noting.js';
import { encodeLookedUp, encodeTold } from './profile-log.js';
import type { Question } from './question.js';
import type { Series } from './series.js';
import { PROFILE_KEEP_MS, TouchedProfile, TouchedSeries } from './touched-logs.js';

/**
 * What the events of a batch add to memory and ask of it. Used in this order: `note` and `ask` for every event, `request`
 * for the store, `recall` with its answer, `replay` for every event in the same order, `improvements` at the end.
 */
export class BatchMemory {
  private readonly series = new Map<string, TouchedSeries>();
  private readonly profiles = new Map<string, TouchedProfile>();
  private readonly departures = new Departures();

  constructor(private readonly ruleSet: Pick<RuleSet, 'seriesOf' | 'series' | 'readsField'>) {}

  note(scope: FactScope, isNew = true): Noting {
    const tells = scope.event.leadId === undefined ? NOTHING_TOLD : this.toldBy(scope);
    const noting = new Noting(scope, tells, isNew);
    for (const series of this.ruleSet.seriesOf(scope)) this.noteIn(series, noting);
    if (!isNew) return noting;
    if (tells.size > 0 && noting.person !== undefined)
      this.profileOf(noting.person).append(encodeTold(noting.time, tells));
    this.departures.note(noting);
    return noting;
  }

  /** Everything that is needed of memory at this event. */
  ask(noting: Noting, questions: readonly Question[], leadFields: readonly string[]): void {
    for (const question of questions) this.logAsked(question, noting)?.ask();
    if (leadFields.length > 0 && noting.person !== undefined) this.profileOf(noting.person).ask();
  }

  get request(): MemoryRequest {
    return {
      touches: this.touched().map((log) => log.touch),
      merges: this.departures.merges,
      erasures: this.departures.erasures,
    };
  }

  recall(before: LogsBefore): void {
    this.touched().forEach((log, index) => {
      log.recall(before[index]);
    });
  }

  /** The turn of the next event: it is noted in the logs that somebody asks, and they are ready to answer. */
  replay(noting: Noting, leadFields: readonly string[]): Remembered {
    const own = new Map<string, SeriesEntry | undefined>();
    for (const { log, series, value } of noting.notes)
      own.set(series.id, noting.isNew ? log.take(noting.time, value) : log.find(noting.time, value));
    const profile = noting.person === undefined ? undefined : this.profiles.get(noting.person);
    profile?.take(noting.time, noting.tells);
    return {
      answer: (question) => this.answer(question, noting, own),
      lead: profile?.known(leadFields, noting.time) ?? {},
    };
  }

  /** Logs that have grown too long, put in order. */
  improvements(): LogChange[] {
    return this.touched().flatMap((log) => log.improvement() ?? []);
  }

  private answer(
    question: Question,
    noting: Noting,
    own: ReadonlyMap<string, SeriesEntry | undefined>,
  ): unknown {
    const series = this.ruleSet.series(question.series);
    const log = this.logAsked(question, noting)?.log;
    if (series === undefined || log === undefined) return undefined;
    const value = series.valueOf(noting.scope.event);
    const entry = own.get(series.id);
    return measure(question, log, {
      time: noting.time,
      ...(entry === undefined ? {} : { own: entry }),
      ...(value === undefined ? {} : { value }),
    });
  }

  private noteIn(series: Series, noting: Noting): void {
    const value = series.valueOf(noting.scope.event);
    if (series.keeps !== 'times' && value === undefined) return;
    const log = this.logOf(series, noting);
    if (log === undefined) return;
    if (noting.isNew) log.append(encodeNote(series.keeps, noting.time, value));
    noting.notes.push({ log, series, ...(value === undefined ? {} : { value }) });
  }

  private logAsked({ series: id }: Question, noting: Noting): TouchedSeries | undefined {
    const series = this.ruleSet.series(id);
    return series && this.logOf(series, noting);
  }

  private logOf(series: Series, noting: Noting): TouchedSeries | undefined {
    const subject = noting.subject(series.subjectOf);
    if (subject === undefined) return undefined;
    const place: LogPlace = { owner: subject.owner, field: series.id + subject.part };
    const name = `${place.owner}${place.field}`;
    let log = this.series.get(name);
    if (log === undefined) this.series.set(name, (log = new TouchedSeries(place, series)));
    return log;
  }

  private profileOf(person: string): TouchedProfile {
    let profile = this.profiles.get(person);
    if (profile === undefined) this.profiles.set(person, (profile = new TouchedProfile(person)));
    return profile;
  }

  private toldBy({ event }: FactScope): ReadonlyMap<string, unknown> {
    const tells = tellsOf(event);
    if (tells.size === 0) return NOTHING_TOLD;
    return new Map([...tells].filter(([field]) => this.ruleSet.readsField(field)));
  }

  private touched(): readonly (TouchedSeries | TouchedProfile)[] {
    return [...this.series.values(), ...this.profiles.values()];
  }
}

const NOTHING_TOLD: ReadonlyMap<string, unknown> = new Map();

/** What Marketo answered about a person is kept like what the stream tells. `time`: when it was asked. */
export function learned(person: string, fields: ReadonlyMap<string, unknown>, time: number): LogChange {
  const place = { owner: person, field: PROFILE_FIELD };
  return { ...place, kind: 'append', records: encodeLookedUp(time, fields), keepMs: PROFILE_KEEP_MS };
}
