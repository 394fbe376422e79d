import { ACTIVITY_PREFIX } from '../../catalogue/activity-types.js';
import { canonicalField } from '../../catalogue/lead-field-names.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import { plainValue, type OwnActivity } from '../../contracts/own-write.js';
import type { EchoDetail } from '../../state/own-writes.js';
import { changedField } from '../engine/lead.js';
import { textOf } from './text-of.js';

type Told = Omit<OwnActivity, 'type'>;

const BY_PRIMARY_ID = ({ data, attributes }: CanonicalEvent, attribute: string): string =>
  textOf(data['primaryAttributeValueId']) ?? textOf(attributes[attribute]) ?? '';

const FIELD = (event: CanonicalEvent): Told => {
  const { name, value } = changedField(event) ?? { name: '', value: undefined };
  return { what: canonicalField(name), value: plainValue(value) };
};

/** What activities that a write of ours can make tell, in the words in which writes are noted. */
const TOLD: ReadonlyMap<string, (event: CanonicalEvent) => Told> = new Map<
  string,
  (event: CanonicalEvent) => Told
>([
  ['addtolist', (event) => ({ what: BY_PRIMARY_ID(event, 'List ID'), value: '' })],
  ['removefromlist', (event) => ({ what: BY_PRIMARY_ID(event, 'List ID'), value: '' })],
  ['requestcampaign', (event) => ({ what: BY_PRIMARY_ID(event, 'Campaign ID'), value: '' })],
  ['changedatavalue', FIELD],
  ['changescore', FIELD],
  ['newlead', () => ({ what: '', value: '' })],
  ['pushleadtomarketo', () => ({ what: '', value: '' })],
  [
    'changestatusinprogression',
    (event) => ({
      what: BY_PRIMARY_ID(event, 'Program ID'),
      value: plainValue(event.attributes['New Status']),
    }),
  ],
  [
    'custom',
    ({ data }) => ({
      what: textOf(data['activityTypeId']) ?? '',
      value: plainValue(data['primaryAttributeValue']),
    }),
  ],
]);

const TELLS_A_FIELD = new Set(['changedatavalue', 'changescore']);

/** Undefined for an activity that no write of ours makes. */
export function activityTold(event: CanonicalEvent): OwnActivity | undefined {
  const { type } = event;
  const told = TOLD.get(type.slice(ACTIVITY_PREFIX.length));
  return told === undefined || !type.startsWith(ACTIVITY_PREFIX) ? undefined : { type, ...told(event) };
}

/**
 * How far it may differ from what was written and still be ours. Marketo writes values its own way, and a field may have
 * a display name that has little to do with its REST name: both count where the activity says that it came over the API.
 */
export function leewayOf({ type, attributes }: CanonicalEvent): EchoDetail['leeway'] {
  const kind = type.slice(ACTIVITY_PREFIX.length);
  if (kind === 'changestatusinprogression') return 'value';
  if (!TELLS_A_FIELD.has(kind)) return 'none';
  const origin = [attributes['Source'], attributes['Reason']].flatMap((each) => textOf(each) ?? []);
  if (origin.length === 0) return 'value';
  return origin.some((text) => /web service/i.test(text)) ? 'either' : 'none';
}
