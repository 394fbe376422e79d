import { generateKeyPairSync, sign } from 'node:crypto';

export const EVENTS_A_BATCH = 250;
export const RULES = 100;
export const REMEMBERING_RULES = 1_000;
/** One event in a hundred meets a rule. */
const FIRES_EVERY = 100;

const TYPES = [
  [1, 'Visit Webpage', 'visitwebpage'],
  [2, 'Fill Out Form', 'filloutform'],
  [3, 'Click Link', 'clicklink'],
  [6, 'Send Email', 'sendemail'],
  [7, 'Email Delivered', 'emaildelivered'],
  [10, 'Open Email', 'openemail'],
  [11, 'Click Email', 'clickemail'],
  [13, 'Change Data Value', 'changedatavalue'],
  [22, 'Change Score', 'changescore'],
  [24, 'Add To List', 'addtolist'],
] as const;

const CLIENT_ID = 'bench0client0id0000000000000000a';
const KEY_PATH = '/prod/keys/pub-key-bench00001.pem';

/** A signed request as Adobe I/O sends it, and the ids of those of its events that must reach the sink. */
export interface SignedBatch {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly firing: readonly string[];
}

/** Conditions of rule `n`: one equality that selects, two that are looked at when it holds. */
function conditions(n: number): object {
  return {
    all: [
      { fact: 'data', path: '$.primaryAttributeValueId', operator: 'equal', value: n },
      { fact: 'attributes', path: '$.Score', operator: 'greaterThanInclusive', value: 10 },
      { fact: 'data', path: '$.munchkinId', operator: 'equal', value: '123-ABC-456' },
    ],
  };
}

/** The rule files of the bench by file name. */
export function ruleFiles(): Record<string, string> {
  return filesOf(RULES, (n) => ({ conditions: conditions(n) }));
}

/**
 * A thousand rules that remember. Each counts the activities of its type for each lead over an hour, and every other one
 * has a throttle beside that, for each lead and event, so that the same events fire as without memory. So every event is
 * noted for its lead, and the one in a hundred that fires asks, and half of those take a turn.
 */
export function rememberingRuleFiles(): Record<string, string> {
  return filesOf(REMEMBERING_RULES, (n) => ({
    conditions: {
      all: [
        conditions(n),
        {
          fact: 'count',
          params: { per: 'leadId', within: '1h' },
          operator: 'greaterThanInclusive',
          value: 1,
        },
      ],
    },
    ...(n % 2 === 0 ? { throttle: { per: ['leadId', 'data.marker'], every: '1h' } } : {}),
  }));
}

function filesOf(count: number, more: (n: number) => object): Record<string, string> {
  const files = Array.from({ length: count }, (_, n) => {
    const rule = {
      description: `Rule ${n} of the bench`,
      on: `marketo.activity.${typeOf(n)[2]}`,
      ...more(n),
      actions: [{ type: 'webhook', params: { to: 'sink', body: { id: '{{ data.marker }}' } } }],
    };
    return [`rule-${n}.json`, JSON.stringify(rule)] as const;
  });
  return Object.fromEntries(files);
}

/** The same rules for one json-rules-engine Engine: the event type becomes one more condition. */
export function naiveRules(): { conditions: { all: object[] }; event: { type: string } }[] {
  return Array.from({ length: RULES }, (_, n) => ({
    conditions: {
      all: [{ fact: 'data', path: '$.activityType', operator: 'equal', value: typeOf(n)[1] }, conditions(n)],
    },
    event: { type: `rule-${n}` },
  }));
}

/** Makes batches whose events are all different, signed by a key of its own. */
export class Workload {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private made = 0;

  readonly clientId = CLIENT_ID;
  readonly keyPath = KEY_PATH;
  readonly publicKey = this.keys.publicKey.export({ type: 'spki', format: 'pem' });

  batches(count: number, label: string): SignedBatch[] {
    return Array.from({ length: count }, () => this.batch(label));
  }

  /** One event a request. */
  singles(count: number, label: string): SignedBatch[] {
    return Array.from({ length: count }, () => {
      const marker = `${label}-${this.made}`;
      const fires = this.made % FIRES_EVERY === 0;
      return this.signed(this.event(marker, fires), fires ? [marker] : []);
    });
  }

  private batch(label: string): SignedBatch {
    const firing: string[] = [];
    const events = Array.from({ length: EVENTS_A_BATCH }, () => {
      const marker = `${label}-${this.made}`;
      const fires = this.made % FIRES_EVERY === 0;
      if (fires) firing.push(marker);
      return this.event(marker, fires);
    });
    return this.signed(events, firing);
  }

  private signed(payload: object, firing: readonly string[]): SignedBatch {
    const body = Buffer.from(JSON.stringify(payload));
    const headers = {
      'content-type': 'application/cloudevents+json; charset=UTF-8',
      'x-adobe-public-key1-path': KEY_PATH,
      'x-adobe-digital-signature-1': sign('rsa-sha256', body, this.keys.privateKey).toString('base64'),
    };
    return { body, headers, firing };
  }

  private event(marker: string, fires: boolean): object {
    const n = this.made++;
    const [activityTypeId, activityType, suffix] = typeOf(n / FIRES_EVERY);
    const id = `${marker}-4c5b-bad9-22df8903ed9a`;
    return {
      eventid: id,
      specversion: '1.0',
      type: `com.adobe.platform.marketo.activity.standard.${suffix}`,
      source: 'urn:marketo_activity_stream',
      id,
      time: '2026-01-17T18:43:56Z',
      data: {
        munchkinId: '123-ABC-456',
        leadId: String(1_000 + (n % 5_000)),
        activityDate: '2026-01-17T18:43:56Z',
        activityTypeId,
        activityType,
        primaryAttributeValueId: fires ? (n / FIRES_EVERY) % RULES : 1_000 + (n % 500),
        marker,
        attributes: [{ name: 'Score', dataType: 'integer', value: 10 + (n % 90) }],
      },
      recipientclientid: CLIENT_ID,
    };
  }
}

function typeOf(n: number): (typeof TYPES)[number] {
  return TYPES[Math.floor(n) % TYPES.length] ?? TYPES[0];
}
