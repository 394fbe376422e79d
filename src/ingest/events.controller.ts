import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { EventsDoor, type Accepted } from './door/events-door.js';
import { Sources } from './door/sources.js';

/** CloudEvents 1.0 from any system. */
@Controller('ingest/events')
export class EventsController {
  constructor(
    private readonly sources: Sources,
    private readonly door: EventsDoor,
  ) {}

  @Post(':source')
  @HttpCode(202)
  async receive(@Param('source') name: string, @Req() request: FastifyRequest): Promise<Accepted> {
    return await this.door.take(name, this.sources.get(name, 'events'), request);
  }
}
