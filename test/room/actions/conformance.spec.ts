import { resolve } from 'node:path';
import { conformanceOf } from '../../../src/actions/conformance.js';
import type { ConformanceSubject } from '../../../src/actions/conformance-subject.js';
import { CHECK_NAMES, type ConformanceTarget } from '../../../src/actions/conformance-target.js';
import { pluginSubject, readPlugin } from '../../../src/actions/plugin-subject.js';
import type { Plugin } from '../../../src/actions/plugin.js';
import { httpPluginTarget } from '../../../src/cli/plugin/http-plugin-target.js';
import { systemClock } from '../../../src/contracts/clock.js';
import { HttpClient } from '../../../src/http/http-client.js';
import { WebhookReceiver } from '../../../src/sandbox/webhook-receiver.js';
import { openActions } from '../../support/open-actions.js';
import { subjectOf } from './targets/subjects.js';
import { webhookTarget } from './targets/webhook-target.js';

/** What is tried, made when the stand-ins listen. */
interface Tried {
  readonly subject: ConformanceSubject;
  readonly target: ConformanceTarget;
}

/** Every check of the suite, by name, so that the output shows those that do not apply, and why. */
function conforms(exempt: ConformanceTarget['exempt'], tried: () => Tried): void {
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

describe('webhook', () => {
  const receiver = new WebhookReceiver(
    `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`,
  );
  beforeAll(() => receiver.listen('127.0.0.1', 0));
  afterAll(() => receiver.close());

  conforms({}, () => ({
    subject: subjectOf(
      opened.actions,
      'webhook',
      { body: { form: 'Website.Demo', scores: [1, null] } },
      { body: { form: '{{ data.text }}' } },
    ),
    target: webhookTarget(receiver),
  }));
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
