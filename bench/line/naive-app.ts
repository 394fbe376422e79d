import 'reflect-metadata';
import { InjectQueue, BullModule, Processor, WorkerHost } from '@nestjs/bullmq';
import { Body, Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NestExpressApplication } from '@nestjs/platform-express';
import type { Job, Queue } from 'bullmq';
import { Engine, type TopLevelCondition } from 'json-rules-engine';
import { naiveRules } from './workload.js';

/**
 * The design that comes to mind first, for comparison: Express, a job for every event, one json-rules-engine Engine
 * with all rules, one `fetch` for every match. Not signed, no ledger, no journal.
 */
interface NaiveEvent {
  readonly data: {
    readonly marker: string;
    readonly attributes: readonly { name: string; value: unknown }[];
  };
}

@Controller()
class NaiveController {
  constructor(@InjectQueue('naive') private readonly queue: Queue) {}

  @Get('ready')
  ready(): string {
    return 'ok';
  }

  @Post('ingest')
  @HttpCode(200)
  async take(@Body() events: NaiveEvent[]): Promise<void> {
    await this.queue.addBulk(events.map((data) => ({ name: 'event', data })));
  }
}

@Processor('naive')
class NaiveProcessor extends WorkerHost {
  private readonly engine = new Engine(
    naiveRules().map(({ conditions, event }) => ({ conditions: conditions as TopLevelCondition, event })),
    { allowUndefinedFacts: true },
  );

  override async process({ data: event }: Job<NaiveEvent>): Promise<void> {
    const attributes = Object.fromEntries(event.data.attributes.map(({ name, value }) => [name, value]));
    const { events } = await this.engine.run({ data: event.data, attributes });
    for (let match = 0; match < events.length; match += 1) {
      await fetch(process.env['SINK'] ?? '', {
        method: 'POST',
        body: JSON.stringify({ id: event.data.marker }),
      });
    }
  }
}

@Module({
  imports: [
    BullModule.forRoot({ connection: { url: process.env['REDIS_URL'] ?? '' }, prefix: '{naive}' }),
    BullModule.registerQueue({ name: 'naive', defaultJobOptions: { removeOnComplete: true } }),
  ],
  controllers: [NaiveController],
  providers: [NaiveProcessor],
})
class NaiveModule {}

const app = await NestFactory.create<NestExpressApplication>(NaiveModule, { logger: false });
app.useBodyParser('json', { type: ['application/json', 'application/*+json'], limit: '3mb' });
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT']), process.env['HOST'] ?? '127.0.0.1');
