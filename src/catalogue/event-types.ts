import type { Stream } from '../contracts/event.js';
import { ACTIVITY_PREFIX, ACTIVITY_TYPES, CUSTOM_ACTIVITY } from './activity-types.js';
import { AUDIT_COMPONENTS } from './audit-components.js';
import { NOTIFICATION_PREFIX, NOTIFICATION_TYPES } from './notification-types.js';
import { OBSERVABILITY_PREFIX, OBSERVABILITY_TYPES } from './observability-types.js';
import { SIGNALMAN_PREFIX, SIGNALMAN_TYPES } from './signalman-types.js';

const ADOBE = 'com.adobe.platform.';
const MARKETO = `${ADOBE}marketo.`;
const STANDARD = '.standard.';

const KNOWN: readonly string[] = [
  ...ACTIVITY_TYPES.map(({ type }) => type),
  CUSTOM_ACTIVITY,
  ...AUDIT_COMPONENTS.map(({ type }) => type),
  ...NOTIFICATION_TYPES.map(({ type }) => type),
  ...OBSERVABILITY_TYPES.map(({ type }) => type),
  ...SIGNALMAN_TYPES.map(({ type }) => type),
];
const known = new Set(KNOWN);

/** Full names of known types, so that the common case is one look-up. */
const shortNames = new Map(KNOWN.map((type) => [fullTypeName(type), type]));

const STREAM_OF_PREFIX: readonly (readonly [string, Stream])[] = [
  [ACTIVITY_PREFIX, 'lead-activity'],
  ['marketo.audit.', 'user-audit'],
  [NOTIFICATION_PREFIX, 'notification'],
  [OBSERVABILITY_PREFIX, 'observability'],
  [SIGNALMAN_PREFIX, 'signalman'],
];

/**
 * The name that rules use: the CloudEvents type without `com.adobe.platform.` and without `.standard`; the type
 * itself for events that are not Marketo's.
 */
export function shortTypeName(fullType: string): string {
  const short = shortNames.get(fullType);
  if (short !== undefined) return short;
  if (!fullType.startsWith(MARKETO)) return fullType;
  return fullType.slice(ADOBE.length).replace(STANDARD, '.');
}

/** The CloudEvents type that Adobe sends for a short name of Marketo's; any other name unchanged. */
export function fullTypeName(shortType: string): string {
  if (!shortType.startsWith('marketo.')) return shortType;
  if (!shortType.startsWith(ACTIVITY_PREFIX) || shortType === CUSTOM_ACTIVITY) return ADOBE + shortType;
  return `${MARKETO}activity${STANDARD}${shortType.slice(ACTIVITY_PREFIX.length)}`;
}

/** Which stream a short type belongs to; `external` where it is neither Marketo's nor our own. */
export function streamOf(shortType: string): Stream {
  for (const [prefix, stream] of STREAM_OF_PREFIX) if (shortType.startsWith(prefix)) return stream;
  return 'external';
}

export function isKnownEventType(shortType: string): boolean {
  return known.has(shortType);
}

/** Every short type in the catalogue, for the rule checker's nearest names. */
export function knownEventTypes(): readonly string[] {
  return KNOWN;
}
