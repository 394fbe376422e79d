import { AdobeHttp } from '../../../src/adobe-io/http/adobe-http.js';
import { AdobeApi } from '../../../src/adobe-io/ims/adobe-api.js';
import type { AdobeAccount } from '../../../src/adobe-io/ims/adobe-account.js';
import { ImsTokens } from '../../../src/adobe-io/ims/ims-tokens.js';
import type { AdobeJournal as Journal } from '../../../src/contracts/connections.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { AdobeJournal } from '../../../src/sandbox/adobe-journal.js';
import { FakePace } from './fake-pace.js';

export const CLIENT = {
  clientId: 'client-1',
  clientSecret: 'secret-1',
  orgId: 'ABC@AdobeOrg',
  scope: 'openid,AdobeID',
};

/** The stand-in of Adobe's side, and what it takes to ask it; all by one clock. */
export interface Adobe {
  readonly standIn: AdobeJournal;
  readonly pace: FakePace;
  readonly http: AdobeHttp;
  readonly tokens: ImsTokens;
  readonly api: AdobeApi;
  readonly account: AdobeAccount;
  readonly journal: Journal;
  readonly registrationUrl: string;
  close(): Promise<void>;
}

export async function startAdobe(): Promise<Adobe> {
  const pace = new FakePace();
  const standIn = new AdobeJournal(CLIENT, pace);
  await standIn.listen('127.0.0.1', 0);
  const http = new AdobeHttp();
  const tokens = new ImsTokens(http, pace);
  const { ims, journal, registrationUrl } = standIn.source();
  if (ims === undefined || journal === undefined || registrationUrl === undefined)
    throw new Error('The stand-in gives no complete source.');
  return {
    standIn,
    pace,
    http,
    tokens,
    api: new AdobeApi(http, tokens),
    account: { clientId: CLIENT.clientId, ims },
    journal,
    registrationUrl,
    close: async () => {
      await http.onApplicationShutdown();
      await standIn.close();
    },
  };
}

/** Events as the journal holds them; `at`: epoch milliseconds. */
export function eventsOf(ids: readonly string[], at: number): JsonObject[] {
  return ids.map((id) => ({
    id,
    type: 'com.adobe.platform.marketo.activity.standard.newlead',
    time: new Date(at).toISOString(),
  }));
}

/** Ids in a stored page, in their order. */
export function idsIn(bytes: Buffer | undefined): string[] {
  const { events } = JSON.parse(String(bytes)) as { events: { event: { id: string } }[] };
  return events.map(({ event }) => event.id);
}
