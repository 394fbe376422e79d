import type { Clock } from '../contracts/clock.js';
import { permanent } from '../contracts/failure.js';
import { ACTION_SCHEMAS, INTERNAL_SCHEMAS } from './action-schemas.js';
import type { Action } from './action.js';
import { EmailAction } from './email/email.action.js';
import { EmitAction } from './emit/emit.action.js';
import type { HttpClient } from '../http/http-client.js';
import { ChangeScoreAction } from './marketo/change-score.action.js';
import { CustomActivityAction } from './marketo/custom-activity.action.js';
import { ListAction } from './marketo/list.action.js';
import { ProgramStatusAction } from './marketo/program-status.action.js';
import { PushLeadAction } from './marketo/push-lead.action.js';
import type { Coalescer } from '../marketo/coalescer.js';
import { RequestCampaignAction } from './marketo/request-campaign.action.js';
import { ScheduleCampaignAction } from './marketo/schedule-campaign.action.js';
import { SyncLeadAction } from './marketo/sync-lead.action.js';
import { INSTALLED_PLUGINS } from './plugins/installed-plugins.js';
import { PluginAction } from './plugins/plugin-action.js';
import { SlackApi } from './slack/slack-api.js';
import { SlackDeleteAction } from './slack/slack-delete.action.js';
import { SlackAction } from './slack/slack.action.js';
import type { MessagePlaces } from '../state/message-places.js';
import type { ServedRecipients } from '../state/served-recipients.js';
import type { EventsQueue } from '../queues/events-queue.js';
import { WebhookAction } from './webhook/webhook.action.js';

/** The senders by action kind. */
export class Actions {
  private readonly byType: ReadonlyMap<string, Action>;

  /** Throws when a schema has no sender, a sender no schema, or a kind two senders. `release` ends the connections for mail. */
  constructor(
    actions: readonly Action[],
    private readonly release: () => void,
    schemas: ReadonlySet<string> = new Set([...ACTION_SCHEMAS.keys(), ...INTERNAL_SCHEMAS.keys()]),
  ) {
    this.byType = new Map(actions.map((action) => [action.type, action]));
    const types = actions.map(({ type }) => type);
    const faults = [
      ...types
        .filter((type, index) => types.indexOf(type) !== index)
        .map((type) => `${type} has two senders`),
      ...types.filter((type) => !schemas.has(type)).map((type) => `${type} has no schema`),
      ...[...schemas].filter((type) => !this.byType.has(type)).map((type) => `${type} has no sender`),
    ];
    if (faults.length > 0) throw new Error(`Action kinds do not fit together: ${faults.join(', ')}.`);
  }

  /** Throws a permanent `Failure` for a kind that this version does not know. */
  get(type: string): Action {
    const action = this.byType.get(type);
    if (!action) throw permanent('action.unknown', `This version knows no action ${type}`);
    return action;
  }

  /** Ends the connections for mail. Mails under way fail. */
  close(): void {
    this.release();
  }
}

/** What the senders work with. It stays the caller's to close. */
export interface Means {
  readonly http: HttpClient;
  readonly marketo: Coalescer;
  /** Where emitted events go. */
  readonly events: Pick<EventsQueue, 'add'>;
  /** Where messages stand that later ones belong to. */
  readonly places: Pick<MessagePlaces, 'find' | 'keep'>;
  /** Who has a mail already that is still to go to others. */
  readonly served: Pick<ServedRecipients, 'of' | 'add'>;
}

/** Every sender. */
export function createActions({ http, marketo, events, places, served }: Means, clock: Clock): Actions {
  const slack = new SlackApi(http, clock);
  const email = new EmailAction(clock, served);
  const actions = [
    new SlackAction(slack, places),
    new SlackDeleteAction(slack),
    email,
    new WebhookAction(http, clock),
    new EmitAction(events, clock),
    new ListAction('marketo.addToList', marketo, clock),
    new ListAction('marketo.removeFromList', marketo, clock),
    new SyncLeadAction(marketo, clock),
    new ChangeScoreAction(marketo, clock),
    new PushLeadAction(marketo, clock),
    new RequestCampaignAction(marketo),
    new ScheduleCampaignAction(marketo, clock),
    new ProgramStatusAction(marketo, clock),
    new CustomActivityAction(marketo, clock),
    ...INSTALLED_PLUGINS.map((plugin) => new PluginAction(plugin, http, clock)),
  ];
  return new Actions(actions, () => {
    email.close();
  });
}
