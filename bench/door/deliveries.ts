import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { SignedBatch } from '../line/workload.js';

const EVENT_BYTES = 1_024;
const KEY_PATH = '/prod/keys/pub-key-benchDoor1.pem';

/** Signed deliveries of events of one kilobyte, made before anything is measured. */
export class Deliveries {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  readonly clientId = 'bench0door0client0id000000000000';
  readonly publicKey = this.keys.publicKey.export({ type: 'spki', format: 'pem' });

  /** `events`: in each delivery; one event is sent as an object, several as an array. */
  make(count: number, events: number): SignedBatch[] {
    return Array.from({ length: count }, () => {
      const list = Array.from({ length: events }, () => this.event());
      const body = Buffer.from(JSON.stringify(events === 1 ? list[0] : list));
      const headers = {
        'content-type': 'application/cloudevents+json; charset=UTF-8',
        'x-adobe-public-key1-path': KEY_PATH,
        'x-adobe-digital-signature-1': sign('rsa-sha256', body, this.keys.privateKey).toString('base64'),
      };
      return { body, headers, firing: [] };
    });
  }

  private event(): object {
    const event = {
      eventid: randomUUID(),
      specversion: '1.0',
      type: 'com.adobe.platform.marketo.activity.standard.visitwebpage',
      source: 'urn:marketo_activity_stream',
      id: randomUUID(),
      time: '2026-01-17T18:43:56Z',
      datacontenttype: 'application/json',
      data: {
        munchkinId: '123-ABC-456',
        leadId: '5414087',
        activityDate: '2026-01-17T18:43:56Z',
        activityTypeId: 1,
        activityType: 'Visit Webpage',
        primaryAttributeValueId: 1_234,
        primaryAttributeValue: 'acme.example/spring',
        attributes: [{ name: 'Referrer URL', dataType: 'string', value: '' }],
      },
      recipientclientid: this.clientId,
    };
    const [referrer] = event.data.attributes;
    if (referrer !== undefined) referrer.value = 'r'.repeat(EVENT_BYTES - JSON.stringify(event).length);
    return event;
  }
}
