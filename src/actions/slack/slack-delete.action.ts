import type { SlackDestination } from '../../contracts/connections.js';
import type { Receipt } from '../../contracts/effect.js';
import { Failure } from '../../contracts/failure.js';
import type { Action, Attempt } from '../action.js';
import { readParams } from '../common/read-params.js';
import { SLACK_TIMEOUT_MS, type SlackApi } from './slack-api.js';
import { SlackDeleteParams } from './slack-delete.params.js';

/** Deletes a message of our own. A repeat finds it gone. */
export class SlackDeleteAction implements Action<SlackDestination> {
  readonly type = 'slack.delete';
  readonly repeatable = true;
  readonly timeoutMs = SLACK_TIMEOUT_MS;

  constructor(private readonly slack: SlackApi) {}

  async send(attempt: Attempt<SlackDestination>): Promise<Receipt> {
    const { channel, ts } = readParams(SlackDeleteParams, attempt.effect);
    try {
      await this.slack.call('chat.delete', { channel, ts }, attempt);
      return { summary: `deleted the message ${ts} in ${channel}` };
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'slack.message_not_found') throw error;
      return { summary: `the message ${ts} in ${channel} is not there any more`, already: true };
    }
  }
}
