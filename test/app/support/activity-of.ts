import type { JsonObject } from '../../../src/contracts/json.js';

const TYPE_IDS = { newlead: 12, clicklink: 3, deletelead: 37 } as const;

export interface ActivityOptions {
  /** Makes it another event than one of the same kind of this lead; empty unless given. */
  readonly serial?: number | string;
  /** Milliseconds before now at which it happened. */
  readonly ago?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** Something that a lead did, as Adobe I/O delivers it. The second part of its id is `<kind>-<lead>-<serial>`. */
export function activityOf(
  kind: keyof typeof TYPE_IDS,
  lead: number,
  clientId: string,
  { serial = '', ago = 0, attributes = {} }: ActivityOptions = {},
): JsonObject {
  const id = `${kind}-${lead}-${serial}`;
  const at = new Date(Date.now() - ago).toISOString();
  return {
    eventid: `io-${id}`,
    specversion: '1.0',
    type: `com.adobe.platform.marketo.activity.standard.${kind}`,
    source: 'urn:marketo_activity_stream',
    id,
    time: at,
    datacontenttype: 'application/json',
    data: {
      munchkinId: '123-ABC-456',
      leadId: String(lead),
      activityDate: at,
      activityTypeId: TYPE_IDS[kind],
      attributes: Object.entries(attributes).map(([name, value]) => ({ name, dataType: 'string', value })),
    },
    recipientclientid: clientId,
  };
}
