import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Sources } from './door/sources.js';
import { WebhookDoor } from './door/webhook-door.js';

/** Webhooks of other vendors, each made into a CloudEvent. */
@Controller('ingest/webhook')
export class WebhookController {
  constructor(
    private readonly sources: Sources,
    private readonly door: WebhookDoor,
  ) {}

  /** For vendors that look whether somebody is there before they deliver. */
  @Get(':source')
  greet(@Param('source') name: string): object {
    this.sources.get(name, 'webhook');
    return {};
  }

  @Post(':source')
  @HttpCode(202)
  async receive(@Param('source') name: string, @Req() request: FastifyRequest): Promise<object> {
    await this.door.take(name, this.sources.get(name, 'webhook'), request);
    return { accepted: 1 };
  }
}
