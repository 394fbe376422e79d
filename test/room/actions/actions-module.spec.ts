import { Test } from '@nestjs/testing';
import { ActionsModule } from '../../../src/actions/actions.module.js';
import { Actions } from '../../../src/actions/actions.js';
import { WebhookReceiver } from '../../../src/sandbox/webhook-receiver.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';

it('the module provides the senders and ends their connections with the app', async () => {
  const receiver = new WebhookReceiver(`whsec_${Buffer.from('secret').toString('base64')}`);
  await receiver.listen('127.0.0.1', 0);
  const app = await Test.createTestingModule({ imports: [ActionsModule] }).compile();
  const webhook = app.get(Actions).get('webhook');
  const attempt = attemptAt(receiver.destination(), effectOf('webhook', { to: 'there', body: {} }));
  expect(await webhook.send(attempt)).toEqual({ summary: '200 OK' });
  await app.close();
  expect((await failureOf(webhook.send(attempt))).retry).toEqual({ kind: 'backoff' });
  await receiver.close();
});
