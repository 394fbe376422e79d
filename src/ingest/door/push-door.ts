import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { MarketoPushSource } from '../../contracts/connections.js';
import { BatchWriter } from './batch-writer.js';
import { PushAuth } from './push-auth.js';
import { jsonBody } from './request-body.js';

/** What stands between Marketo's own direct push and the events queue. */
@Injectable()
export class PushDoor {
  constructor(
    private readonly auth: PushAuth,
    private readonly writer: BatchWriter,
  ) {}

  /** Resolves when the push is durable; throws the answer to give otherwise. */
  async take(name: string, source: MarketoPushSource, request: FastifyRequest): Promise<void> {
    await this.auth.check(name, source, request);
    await this.writer.write(name, 'marketo', jsonBody(request));
  }
}
