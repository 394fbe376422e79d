import { activityTypeById, activityTypeName } from '../catalogue/activity-types.js';
import { fullTypeName } from '../catalogue/event-types.js';
import type { SourceConnection } from '../contracts/connections.js';
import type { JsonObject } from '../contracts/json.js';
import type { Piece } from './row.js';

/** The source that a file is imported for. */
export interface Target {
  readonly name: string;
  readonly source: SourceConnection;
}

/** What a source of each kind can take of a file. */
const TAKES: Readonly<Record<SourceConnection['kind'], readonly Piece['shape'][]>> = {
  adobe: ['activity', 'adobe'],
  marketo: ['activity'],
  events: ['event'],
  webhook: ['event'],
};

const WORDS: Readonly<Record<Piece['shape'], string>> = {
  activity: 'an activity of Marketo’s',
  adobe: 'an event of Adobe I/O’s',
  event: 'a CloudEvent',
};

/** Why a source cannot have a piece of this shape; undefined when it can. */
export function misfit(shape: Piece['shape'], { name, source }: Target): string | undefined {
  if (TAKES[source.kind].includes(shape)) return undefined;
  const kinds = (['adobe', 'marketo', 'events'] as const).filter((kind) => TAKES[kind].includes(shape));
  return `It is ${WORDS[shape]}, and the source ${name} is of kind ${source.kind}: name one of kind ${kinds.join(' or ')}.`;
}

/** A piece as its source would have sent it. */
export function asSent({ shape, value }: Piece, source: SourceConnection): JsonObject {
  if (shape === 'event') return value;
  if (source.kind !== 'adobe') return named(value);
  return shape === 'adobe' ? addressed(value, source.clientId) : cloudEventOf(named(value), source.clientId);
}

/** Pieces of one source as one request body. */
export function bodyOf(elements: readonly JsonObject[], source: SourceConnection): Buffer {
  return Buffer.from(JSON.stringify(source.kind === 'marketo' ? { activities: elements } : elements));
}

/** Exports number the types and do not name them, while the streams do both and rules may ask for either. */
function named(activity: JsonObject): JsonObject {
  const { activityTypeId: id, activityType } = activity;
  if (typeof id !== 'number' || typeof activityType === 'string') return activity;
  const name =
    activityTypeById(id)?.name ??
    (activityTypeName(id, undefined) === undefined ? `Activity ${id}` : undefined);
  return name === undefined ? activity : { ...activity, activityType: name };
}

/** The event that Adobe I/O would have brought: the GUID is its id, by which it is recognised. */
function cloudEventOf({ marketoGUID, ...data }: JsonObject, clientId: string): JsonObject {
  const type = activityTypeName(data['activityTypeId'], data['activityType']);
  return {
    specversion: '1.0',
    ...(type === undefined ? undefined : { type: fullTypeName(type) }),
    source: 'urn:marketo_activity_stream',
    id: marketoGUID,
    time: data['activityDate'],
    datacontenttype: 'application/json',
    data,
    recipientclientid: clientId,
  };
}

const RECIPIENTS = ['recipientclientid', 'recipient_client_id'];

/** Whoever imports a file says whose it is; an item that says otherwise is left to say so, and is refused. */
function addressed(item: JsonObject, clientId: string): JsonObject {
  const { event } = item;
  const named = [item, typeof event === 'object' ? (event as JsonObject | null) : null].some(
    (part) => part !== null && RECIPIENTS.some((name) => part[name] !== undefined),
  );
  return named ? item : { ...item, recipientclientid: clientId };
}
