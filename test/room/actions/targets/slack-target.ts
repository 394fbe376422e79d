import type { SubjectTarget } from '../../../../src/actions/conformance-subject.js';
import { HTTP_FAULTS, NOWHERE } from '../../../../src/cli/plugin/http-faults.js';
import type { SlackDestination } from '../../../../src/contracts/connections.js';
import type { SlackSecrets, SlackStandIn } from '../../../../src/sandbox/slack-stand-in.js';

/** @param connection of the stand-in: by its webhook or by its bot */
export function slackTarget(
  slack: SlackStandIn,
  connection: SlackDestination,
  { webhookToken, botToken }: SlackSecrets,
): SubjectTarget {
  const elsewhere = connection.webhookUrl?.replace(slack.origin, NOWHERE);
  return {
    connection,
    nowhere: {
      ...connection,
      ...(elsewhere === undefined ? {} : { webhookUrl: elsewhere }),
      apiOrigin: NOWHERE,
    },
    secrets: [webhookToken, botToken],
    fail: (fault) => {
      slack.failNext(HTTP_FAULTS[fault]);
    },
    clear: () => {
      slack.clear();
    },
    taken: () => slack.messages.all().map(({ payload }) => ({ text: JSON.stringify(payload) })),
    harm: () => {
      const said = JSON.stringify(slack.messages.all().map(({ payload }) => payload));
      return /<[!@]/.test(said) ? 'somebody was mentioned who should not be' : undefined;
    },
  };
}
