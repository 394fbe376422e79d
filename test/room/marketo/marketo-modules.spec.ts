import { Test } from '@nestjs/testing';
import { ActionsModule } from '../../../src/actions/actions.module.js';
import { Actions } from '../../../src/actions/actions.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import { ConfigModule } from '../../../src/config/config.module.js';
import { LeadLookUp } from '../../../src/marketo/lead-look-up.js';
import { MarketoReadsModule } from '../../../src/marketo/marketo-reads.module.js';
import { Usage } from '../../../src/marketo/usage.js';
import { UsagePoll } from '../../../src/marketo/usage-poll.js';
import { UsagePollModule } from '../../../src/marketo/usage-poll.module.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { ObservabilityModule } from '../../../src/observability/observability.module.js';
import { RedisModule } from '../../../src/redis/redis.module.js';
import { startSandbox } from '../../../src/sandbox/sandbox.js';
import { attemptAt, effectOf } from '../../support/attempts.js';
import { startRedis } from '../../support/redis.js';

it('who acts and who reads share one token and one set of connections, which end with the app', async () => {
  const [redis, sandbox] = await Promise.all([startRedis({ durable: false }), startSandbox()]);
  const { marketo, connections } = sandbox;
  const app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot({ logLevel: 'error' } as AppConfig, connections),
      ObservabilityModule,
      RedisModule.forRoot(redis.url),
      ...[ActionsModule, MarketoReadsModule, UsagePollModule],
    ],
  }).compile();
  await app.init();
  const addToList = app.get(Actions, { strict: false }).get('marketo.addToList');
  const attempt = attemptAt(marketo.destination(), effectOf('marketo.addToList', { list: 1001, lead: 318 }));
  await addToList.send(attempt);

  const wanted = [
    { munchkinId: '123-ABC-456', leadIds: ['318'], fields: ['Country', 'state', 'Lead Score'] },
  ];
  const lookUp = app.get(LeadLookUp, { strict: false });
  expect((await lookUp.lookUp(wanted)).get('123-ABC-456/318')).toEqual({
    kind: 'found',
    fields: { Country: 'United States', state: 'CA', 'Lead Score': null },
  });
  await app.get(UsagePoll, { strict: false }).look(Date.now());
  expect(await app.get(Usage, { strict: false }).of('123-ABC-456')).toMatchObject({ used: 3, limit: 50_000 });

  const metrics = await app.get(Metrics, { strict: false }).registry.metrics();
  expect(metrics).toContain('signalman_marketo_budget_used{instance="123-ABC-456",limit="window"} 4');
  expect(metrics).toContain('signalman_marketo_budget_used{instance="123-ABC-456",limit="day"} 4');
  expect(metrics).toContain(
    'signalman_marketo_records_total{instance="123-ABC-456",kind="marketo.addToList"} 1',
  );

  const tokens = marketo.requests.all().filter(({ url }) => url.pathname.startsWith('/identity/'));
  expect(tokens).toHaveLength(1);
  await app.close();
  await expect(addToList.send(attempt)).rejects.toThrow('Connection is closed');
  await sandbox.close();
  await redis.stop();
});
