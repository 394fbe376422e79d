import { Test } from '@nestjs/testing';
import { ActionsModule } from '../../../src/actions/actions.module.js';
import { Actions } from '../../../src/actions/actions.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import { ConfigModule } from '../../../src/config/config.module.js';
import { ObservabilityModule } from '../../../src/observability/observability.module.js';
import { RedisModule } from '../../../src/redis/redis.module.js';
import { WebhookReceiver } from '../../../src/sandbox/webhook-receiver.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';
import { startRedis } from '../../support/redis.js';

it('the module provides the senders and ends their connections with the app', async () => {
  const redis = await startRedis({ durable: false });
  const receiver = new WebhookReceiver(`whsec_${Buffer.from('secret').toString('base64')}`);
  await receiver.listen('127.0.0.1', 0);
  const imports = [
    ConfigModule.forRoot({ logLevel: 'error' } as AppConfig, { sources: {}, destinations: {} }),
    ...[ObservabilityModule, RedisModule.forRoot(redis.url), ActionsModule],
  ];
  const app = await Test.createTestingModule({ imports }).compile();
  const webhook = app.get(Actions).get('webhook');
  const attempt = attemptAt(receiver.destination(), effectOf('webhook', { to: 'there', body: {} }));
  expect(await webhook.send(attempt)).toEqual({ summary: '200 OK' });
  await app.close();
  expect((await failureOf(webhook.send(attempt))).retry).toEqual({ kind: 'backoff' });
  await receiver.close();
  await redis.stop();
});
