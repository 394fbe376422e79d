import type { Sandbox } from '../../../src/sandbox/sandbox.js';

/** What came out at every stand-in, repeats included, in an order that does not depend on time. */
export interface Received {
  readonly slack: readonly string[];
  /** Subjects. */
  readonly mail: readonly string[];
  /** Bodies. */
  readonly webhooks: readonly string[];
  /** Members by list. */
  readonly lists: Readonly<Record<string, readonly number[]>>;
  /** `campaign for lead`. */
  readonly campaigns: readonly string[];
}

export function received({ slack, mail, receiver, marketo }: Sandbox): Received {
  const { instance } = marketo;
  const lists = [...instance.allLists()].map(([id, members]) => [id, [...members].sort()] as const);
  return {
    slack: slack.messages
      .all()
      .map(({ text }) => text ?? '')
      .sort(),
    mail: mail.messages
      .all()
      .map(({ subject }) => subject)
      .sort(),
    webhooks: receiver
      .all()
      .map(({ body }) => body)
      .sort(),
    lists: Object.fromEntries(lists.filter(([, members]) => members.length > 0)),
    campaigns: instance.campaignRequests
      .all()
      .flatMap(({ campaignId, leadIds }) => leadIds.map((lead) => `${campaignId} for ${lead}`))
      .sort(),
  };
}
