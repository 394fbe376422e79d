import type { CanonicalEvent } from '../../src/contracts/event.js';
import type { Rule } from '../../src/rules/rule.js';

/** A condition in words that every contender has in some form. */
export interface Test {
  /** `data.country` */
  readonly path: string;
  readonly operator: 'equal' | 'greaterThan' | 'greaterThanInclusive' | 'lessThan' | 'startsWith';
  readonly value: string | number;
}

/** A rule as each contender translates it: events of one type on which all tests hold. */
export interface BenchRule {
  readonly id: string;
  readonly type: string;
  readonly tests: readonly Test[];
}

export interface Workload {
  readonly name: string;
  readonly counts: readonly number[];
  readonly rules: (count: number) => readonly BenchRule[];
  readonly events: readonly CanonicalEvent[];
}

/** So few that they stay in the processor's cache: a worker has just read the events that it decides. */
const EVENTS = 2_000;
const COUNTS = [10, 100, 1_000, 10_000] as const;
const TYPES = namesOf('marketo.activity.type', 144);
const COUNTRIES = namesOf('Country ', 200);
const PAGES = namesOf('/page/', 20_000);
const CAMPAIGNS = 1_000;
const SCORES = 100;
const REVENUES = 1_000_000;
/** The widest range of revenue that a rule asks for. */
const WIDEST = 200;

/** Gives a number from 0 up to the limit, which is not reached. */
type Draw = (limit: number) => number;

/** Every type and value as likely as any other, so that few rules match an event. */
export function fewMatch(): Workload {
  const draw = uniform(chance(7));
  return {
    name: 'few rules match an event (144 types, every value as likely as any other)',
    counts: COUNTS,
    rules: (count) => Array.from({ length: count }, (_, index) => equalityRule(index, draw)),
    events: eventsBy(draw),
  };
}

/** Some types and values are common and most are rare, in rules and in events: many rules match some events. */
export function manyMatch(): Workload {
  const draw = zipf(chance(11));
  return {
    name: 'many rules match some events (types and values by Zipf)',
    counts: COUNTS,
    rules: (count) => Array.from({ length: count }, (_, index) => equalityRule(index, draw)),
    events: eventsBy(draw),
  };
}

/** Every rule on one type, with ranges and prefixes only. */
export function noEquality(): Workload {
  const draw = uniform(chance(13));
  return {
    name: 'no equality to go by (one type; ranges and prefixes)',
    counts: COUNTS,
    rules: (count) => Array.from({ length: count }, (_, index) => rangeRule(index, draw)),
    events: eventsBy(draw).map((event) => ({ ...event, type: typeAt(0) })),
  };
}

function equalityRule(index: number, draw: Draw): BenchRule {
  const tests: Test[] = [
    { path: 'data.country', operator: 'equal', value: COUNTRIES[draw(COUNTRIES.length)] ?? '' },
    { path: 'data.score', operator: 'greaterThan', value: draw(SCORES) },
  ];
  if (index % 2 === 0) tests.push({ path: 'attributes.Campaign', operator: 'equal', value: draw(CAMPAIGNS) });
  return { id: idOf(index), type: typeAt(draw(TYPES.length)), tests };
}

function rangeRule(index: number, draw: Draw): BenchRule {
  const low = draw(REVENUES);
  const range: Test[] = [
    { path: 'data.revenue', operator: 'greaterThanInclusive', value: low },
    { path: 'data.revenue', operator: 'lessThan', value: low + 1 + draw(WIDEST) },
  ];
  const prefix: Test = { path: 'data.page', operator: 'startsWith', value: PAGES[draw(PAGES.length)] ?? '' };
  const score: Test = { path: 'data.score', operator: 'greaterThan', value: draw(SCORES) };
  return { id: idOf(index), type: typeAt(0), tests: [...(index % 2 === 0 ? range : [prefix]), score] };
}

function eventsBy(draw: Draw): CanonicalEvent[] {
  return Array.from({ length: EVENTS }, (_, index) => ({
    id: String(index),
    type: typeAt(draw(TYPES.length)),
    connection: 'bench',
    source: 'urn:bench',
    time: '2026-01-31T09:00:00.000Z',
    receivedAt: '2026-01-31T09:00:00.000Z',
    stream: 'lead-activity',
    leadId: String(index % 1_000),
    data: {
      country: COUNTRIES[draw(COUNTRIES.length)],
      score: draw(SCORES),
      revenue: draw(REVENUES),
      page: `${PAGES[draw(PAGES.length)] ?? ''}/index.html`,
    },
    attributes: { Campaign: draw(CAMPAIGNS) },
    oddities: [],
  }));
}

/** The rule as Signalman reads it from a file. */
export function asRule({ id, type, tests }: BenchRule): Rule {
  const all = tests.map(({ path, ...test }) => {
    const [fact, member] = path.split('.');
    return { fact, path: `$.${member ?? ''}`, ...test };
  });
  return { id, version: '1', description: '', mode: 'live', on: [type], conditions: { all }, actions: [] };
}

function typeAt(index: number): string {
  return TYPES[index] ?? '';
}

function idOf(index: number): string {
  return `rule-${String(index).padStart(5, '0')}`;
}

function namesOf(stem: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${stem}${String(index)}`);
}

function uniform(random: () => number): Draw {
  return (limit) => Math.floor(random() * limit);
}

/** The n-th is drawn as often as 1/n says; by the inverse of the distribution's continuous form. */
function zipf(random: () => number): Draw {
  return (limit) => Math.min(limit - 1, Math.floor((limit + 1) ** random()) - 1);
}

/** A seeded linear congruential generator, so that every run measures the same rules and events. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
