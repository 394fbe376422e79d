import type { SubjectTarget } from '../../../../src/actions/conformance-subject.js';
import type { WebhookReceiver } from '../../../../src/sandbox/webhook-receiver.js';
import { HTTP_FAULTS, NOWHERE } from '../../../../src/cli/plugin/http-faults.js';

export function webhookTarget(receiver: WebhookReceiver): SubjectTarget {
  const tenant = 'the-secret-of-a-tenant';
  const connection = { ...receiver.destination(), headers: { 'x-tenant': tenant } };
  return {
    connection,
    nowhere: { ...connection, url: `${NOWHERE}/hook` },
    secrets: [receiver.secret, receiver.secret.replace('whsec_', ''), tenant],
    fail: (fault) => {
      receiver.failNext(HTTP_FAULTS[fault]);
    },
    clear: () => {
      receiver.clear();
    },
    taken: () => receiver.all().map(({ id, body }) => ({ text: body, key: id })),
    harm: () => {
      const [refused] = receiver.refused.all();
      return refused === undefined ? undefined : `the receiver refused it: ${refused.reason}`;
    },
  };
}
