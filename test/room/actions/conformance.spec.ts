import { resolve } from 'node:path';
import { conformanceOf } from '../../../src/actions/conformance.js';
import type { ConformanceSubject, SubjectTarget } from '../../../src/actions/conformance-subject.js';
import { CHECK_NAMES } from '../../../src/actions/conformance-target.js';
import { pluginSubject, readPlugin } from '../../../src/actions/plugin-subject.js';
import type { Plugin } from '../../../src/actions/plugin.js';
import { httpPluginTarget } from '../../../src/cli/plugin/http-plugin-target.js';
import { ownBatch } from '../../../src/contracts/own-event.js';
import { systemClock } from '../../../src/contracts/clock.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { HttpClient } from '../../../src/http/http-client.js';
import { EventsQueue } from '../../../src/queues/events-queue.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { MarketoStandIn } from '../../../src/sandbox/marketo-stand-in.js';
import { SlackStandIn } from '../../../src/sandbox/slack-stand-in.js';
import { SmtpStandIn } from '../../../src/sandbox/smtp-stand-in.js';
import { WebhookReceiver } from '../../../src/sandbox/webhook-receiver.js';
import { eventually } from '../../support/eventually.js';
import { openActions } from '../../support/open-actions.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { EMIT_EXEMPT, EmitTarget } from './targets/emit-target.js';
import { mailTarget } from './targets/mail-target.js';
import { marketoTarget } from './targets/marketo-target.js';
import { slackTarget } from './targets/slack-target.js';
import { subjectOf } from './targets/subjects.js';
import { webhookTarget } from './targets/webhook-target.js';

/** What is tried, made when the stand-ins listen. */
interface Tried {
  readonly subject: ConformanceSubject;
  readonly target: SubjectTarget;
}

/** Every check of the suite, by name, so that the output shows those that do not apply, and why. */
function conforms(exempt: SubjectTarget['exempt'], tried: () => Tried): void {
  for (const name of CHECK_NAMES) {
    const why = exempt?.[name];
    if (why !== undefined) {
      it.skip(`${name}: does not apply, ${why}`, () => undefined);
      continue;
    }
    it(name, async () => {
      const { subject, target } = tried();
      const check = conformanceOf(subject, target).find((each) => each.name === name);
      expect(check?.exempt).toBeUndefined();
      await check?.run();
    });
  }
}

const opened = openActions(systemClock);
afterAll(() => opened.close());

const REPEATS = 'makes repeats that the target recognises';
const TEXTS = 'does no harm with texts that others wrote';
const LATER = 'comes back when the target asks it to';

describe('webhook', () => {
  const secret = Buffer.from('a secret of thirty-two bytes ...').toString('base64');
  const receiver = new WebhookReceiver(`whsec_${secret}`);
  beforeAll(() => receiver.listen('127.0.0.1', 0));
  afterAll(() => receiver.close());

  conforms({}, () => {
    const params = { body: { form: 'Website.Demo', scores: [1, null] } };
    const written = { body: { form: '{{ data.text }}' } };
    return {
      subject: subjectOf(opened.actions, 'webhook', params, written),
      target: webhookTarget(receiver),
    };
  });
});

describe.each(['webhook', 'bot'] as const)('slack by %s', (by) => {
  const secrets = { webhookToken: 'a-token-of-a-webhook', botToken: 'xoxb-a-token-of-a-bot' };
  const slack = new SlackStandIn(secrets);
  beforeAll(() => slack.listen('127.0.0.1', 0));
  afterAll(() => slack.close());

  conforms({ [REPEATS]: 'Slack shows a message that comes twice twice' }, () => {
    const params = { text: 'Lead 7 asked for a demo.' };
    const section = { type: 'section', text: { type: 'mrkdwn', text: 'By {{ data.text }}' } };
    const written = { text: 'Lead {{ data.text }} asked', blocks: [section] };
    const subject = subjectOf(opened.actions, 'slack', params, written);
    return { subject, target: slackTarget(slack, slack[by](), secrets) };
  });
});

describe('email', () => {
  const password = 'a-password-of-a-mailbox';
  const mail = new SmtpStandIn(password);
  beforeAll(() => mail.listen('127.0.0.1', 0));
  afterAll(() => mail.close());

  conforms(
    {
      [REPEATS]: 'few mail servers drop a second mail with the same Message-ID',
      [LATER]: 'SMTP has no way to name a time',
      'is sure of nothing that an answer cut in its middle does not say': 'the answer of SMTP is one line',
    },
    () => {
      const params = { subject: 'A demo', text: 'Lead 7 asked for a demo.' };
      const written = {
        subject: 'By {{ data.text }}',
        text: 'By {{ data.text }}',
        html: '<b>{{ data.text }}</b>',
      };
      const subject = subjectOf(opened.actions, 'email', params, written);
      return { subject, target: mailTarget(mail, password) };
    },
  );
});

const MARKETO_KINDS: readonly {
  readonly type: string;
  readonly params: JsonObject;
  readonly written?: JsonObject;
  readonly repeatsShow?: string;
}[] = [
  { type: 'marketo.addToList', params: { list: 1001, lead: 7 } },
  { type: 'marketo.removeFromList', params: { list: 1001, lead: 7 } },
  {
    type: 'marketo.syncLead',
    params: { fields: { email: 'ada@acme.example', lastName: 'Lovelace' } },
    written: { fields: { email: 'ada@acme.example', lastName: '{{ data.text }}' } },
  },
  { type: 'marketo.changeScore', params: { lead: 7, field: 'leadScore', change: 5 } },
  {
    type: 'marketo.pushLead',
    params: { fields: { email: 'ada@acme.example' }, program: 'Demo Requests', reason: 'a rule' },
    written: {
      fields: { email: 'ada@acme.example' },
      program: 'Demo Requests',
      reason: 'By {{ data.text }}',
    },
    repeatsShow: 'Marketo writes an activity for each push',
  },
  {
    type: 'marketo.requestCampaign',
    params: { campaign: 2001, lead: 7, tokens: { 'my.form': 'Website.Demo' } },
    written: { campaign: 2001, lead: 7, tokens: { 'my.form': '{{ data.text }}' } },
    repeatsShow: 'a campaign that is requested twice runs twice',
  },
  {
    type: 'marketo.scheduleCampaign',
    params: { campaign: 2002, tokens: { 'my.form': 'Website.Demo' } },
    written: { campaign: 2002, tokens: { 'my.form': '{{ data.text }}' } },
    repeatsShow: 'a campaign that is scheduled twice runs twice',
  },
  {
    type: 'marketo.changeProgramStatus',
    params: { program: 3001, lead: 7, status: 'Attended' },
    written: { program: 3001, lead: 7, status: '{{ data.text }}' },
  },
  {
    type: 'marketo.addCustomActivity',
    params: { lead: 7, activityType: 100_001, primaryValue: 'Website.Demo', at: '2026-05-04T10:00:00Z' },
    written: { lead: 7, activityType: 100_001, primaryValue: '{{ data.text }}', at: '2026-05-04T10:00:00Z' },
    repeatsShow: 'Marketo keeps an activity for each',
  },
];

describe.each(MARKETO_KINDS)('$type', ({ type, params, written, repeatsShow }) => {
  const credentials = { clientId: 'a-client-id', clientSecret: 'a-secret-of-a-client' };
  const marketo = new MarketoStandIn('123-ABC-456', credentials);
  beforeAll(() => marketo.listen('127.0.0.1', 0));
  afterAll(() => marketo.close());

  const exempt = {
    ...(repeatsShow === undefined ? {} : { [REPEATS]: repeatsShow }),
    ...(written === undefined ? { [TEXTS]: 'it takes ids and numbers' } : {}),
  };
  conforms(exempt, () => ({
    subject: subjectOf(opened.actions, type, params, written),
    target: marketoTarget(marketo, [credentials.clientSecret], () => {
      // A lead that is not there cannot be taken away, and nothing would be sent.
      if (type === 'marketo.removeFromList') marketo.instance.list(1001).add(7);
    }),
  }));
});

describe('emit', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let queue: EventsQueue;
  let target: EmitTarget;
  let senders: ReturnType<typeof openActions>;
  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    queue = new EventsQueue(connections);
    target = new EmitTarget(queue);
    senders = openActions(systemClock, target);
    // The door's connection refuses what comes before it is there.
    const first = ownBatch({ type: 'acme.first', identity: [], at: 0, data: {} });
    await eventually(() => queue.add(first).then(() => true));
  });
  afterAll(async () => {
    await senders.close();
    await queue.onApplicationShutdown();
    await connections.close();
    await redis.stop();
  });

  conforms(EMIT_EXEMPT, () => {
    const params = { type: 'acme.lead.hot', data: { form: 'Website.Demo' } };
    const written = { type: 'acme.lead.hot', data: { form: '{{ data.text }}' } };
    return { subject: subjectOf(senders.actions, 'emit', params, written), target };
  });
});

describe('the plug-in of the examples', () => {
  const http = new HttpClient();
  let plugin: Plugin;
  let started: Awaited<ReturnType<typeof httpPluginTarget>>;
  beforeAll(async () => {
    plugin = await readPlugin('examples/plugins/teams', resolve('.'));
    started = await httpPluginTarget(plugin);
  });
  afterAll(async () => {
    await http.close();
    await started.close();
  });

  conforms(
    { 'makes repeats that the target recognises': 'Teams shows a message that comes twice twice' },
    () => ({
      subject: pluginSubject(plugin, http, systemClock),
      target: started.target,
    }),
  );
});
