import { nearest } from '../../contracts/nearest.js';
import { isKnownEventType, knownEventTypes, shortTypeName } from '../../catalogue/event-types.js';
import { compileTypePattern, isTypePattern } from '../engine/type-pattern.js';
import type { JsoncDocument, Path } from './jsonc-document.js';
import { typesCoveredBy } from './known-events.js';
import { error, hasErrors, warning, type Finding, type Problem } from './problem.js';
import { textsOf } from './texts-of.js';

/** Names that begin so are all in the catalogue; any other sender's types are its own. */
const CATALOGUED = /^(marketo|signalman|com\.adobe\.platform\.marketo)\./;

export interface CheckedTypes {
  readonly problems: readonly Problem[];
  /** Left out when one of the events may be of a type that no catalogue knows, and so may carry anything. */
  readonly covered: { readonly types?: readonly string[] };
}

/** Checks a member that names event types. Senders add types, so a name that is not known is a warning and never more. */
export function checkOn(document: JsoncDocument, on: string | readonly string[], at: Path): CheckedTypes {
  const problems =
    typeof on === 'string'
      ? checkEntry(document, on, at)
      : on.flatMap((entry, index) => checkEntry(document, entry, [...at, index]));
  if (hasErrors(problems)) return { problems, covered: {} };
  const covered = textsOf(on).map(typesCoveredBy);
  const isAnyUnknown = covered.some(({ length }) => length === 0);
  return { problems, covered: isAnyUnknown ? {} : { types: covered.flat() } };
}

function checkEntry(document: JsoncDocument, entry: string, at: Path): Problem[] {
  const finding = isTypePattern(entry) ? patternFinding(entry) : nameFinding(entry);
  return finding === undefined ? [] : [document.at(at, finding)];
}

function patternFinding(entry: string): Finding | undefined {
  try {
    compileTypePattern(entry);
  } catch (cause) {
    return error('on.pattern', cause instanceof Error ? cause.message : String(cause));
  }
  if (typesCoveredBy(entry).length > 0) return undefined;
  const suggestion = nearestPattern(entry);
  if (suggestion === undefined && !CATALOGUED.test(entry)) return undefined;
  return warning('on.covers-nothing', `no known event type is covered by "${entry}"`, suggestion);
}

/** The same wildcard under the nearest known beginning: `marketo.activty.*` is `marketo.activity.*`. */
function nearestPattern(entry: string): string | undefined {
  if (!entry.endsWith('.*')) return undefined;
  const length = entry.split('.').length - 1;
  const stems = new Set(knownEventTypes().map((type) => type.split('.').slice(0, length).join('.')));
  const stem = nearest(entry.slice(0, -2), stems);
  return stem === undefined ? undefined : `${stem}.*`;
}

function nameFinding(entry: string): Finding | undefined {
  if (isKnownEventType(entry)) return undefined;
  const short = shortTypeName(entry);
  const suggestion = short !== entry ? short : nearest(entry, knownEventTypes());
  if (suggestion === undefined && !CATALOGUED.test(entry)) return undefined;
  return warning('on.unknown', `the event type "${entry}" is in no catalogue`, suggestion);
}
