import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PushDoor } from './door/push-door.js';
import { Sources } from './door/sources.js';

/** Marketo's own direct push of lead activities, which a few customers still have. */
@Controller('ingest/marketo')
export class MarketoPushController {
  constructor(
    private readonly sources: Sources,
    private readonly door: PushDoor,
  ) {}

  /** Marketo's example consumer answers a GET as well. */
  @Get(':source')
  greet(@Param('source') name: string): object {
    this.sources.get(name, 'marketo');
    return { ok: true };
  }

  /** Whether Marketo takes another 2xx than 200 for a success is not documented. */
  @Post(':source')
  @HttpCode(200)
  async receive(@Param('source') name: string, @Req() request: FastifyRequest): Promise<object> {
    await this.door.take(name, this.sources.get(name, 'marketo'), request);
    return { ok: true };
  }
}
