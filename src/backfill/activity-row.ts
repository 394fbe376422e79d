import type { JsonObject } from '../contracts/json.js';
import { isJsonObject } from '../contracts/json.js';
import { readJson } from './json-text.js';
import type { Said } from './row.js';

/** Without these a row is no activity that could be recognised when it comes again. */
export const NEEDED_COLUMNS = ['marketoGUID', 'leadId', 'activityDate', 'activityTypeId'] as const;
const OTHER_COLUMNS = [
  'campaignId',
  'primaryAttributeValueId',
  'primaryAttributeValue',
  'attributes',
] as const;

export type Column = (typeof NEEDED_COLUMNS)[number] | (typeof OTHER_COLUMNS)[number];
export const COLUMNS: readonly string[] = [...NEEDED_COLUMNS, ...OTHER_COLUMNS];

/** Fifteen digits always fit into a number. */
const WHOLE_NUMBER = /^\d{1,15}$/;

/**
 * One row of Marketo's bulk activity export as the activity that its direct push would have sent. The export writes
 * `null` where there is nothing, and the attributes as a JSON object by name, where the streams have a list.
 */
export function activityOfRow(cell: (column: Column) => string | undefined, munchkinId: string): Said {
  const text = (column: Column): string | undefined => {
    const value = cell(column);
    return value === '' || value === 'null' ? undefined : value;
  };
  const missing = NEEDED_COLUMNS.filter((column) => text(column) === undefined);
  if (missing.length > 0) return { reason: `There is nothing in ${missing.join(', ')}.` };
  const type = text('activityTypeId') ?? '';
  if (!WHOLE_NUMBER.test(type)) return { reason: 'Its activityTypeId is no number.' };
  const attributes = attributesOf(text('attributes'));
  if (attributes === undefined) return { reason: 'Its attributes are no JSON object or list.' };
  const value = {
    marketoGUID: text('marketoGUID'),
    munchkinId,
    leadId: text('leadId'),
    activityDate: text('activityDate'),
    activityTypeId: Number(type),
    ...member('primaryAttributeValueId', numberIfOne(text('primaryAttributeValueId'))),
    ...member('primaryAttributeValue', text('primaryAttributeValue')),
    ...member('campaignId', numberIfOne(text('campaignId'))),
    attributes,
  };
  return { pieces: [{ shape: 'activity', value }] };
}

function attributesOf(text: string | undefined): readonly unknown[] | undefined {
  if (text === undefined) return [];
  const read = readJson(text);
  if ('reason' in read) return undefined;
  if (Array.isArray(read.value)) return read.value as unknown[];
  return isJsonObject(read.value) ? listOf(read.value) : undefined;
}

/** `{ name: value }` as the list that the streams send. */
export function listOf(byName: JsonObject): readonly JsonObject[] {
  return Object.entries(byName).map(([name, value]) => ({ name, value }));
}

function numberIfOne(text: string | undefined): string | number | undefined {
  return text !== undefined && WHOLE_NUMBER.test(text) ? Number(text) : text;
}

function member(name: string, value: unknown): JsonObject | undefined {
  return value === undefined ? undefined : { [name]: value };
}
