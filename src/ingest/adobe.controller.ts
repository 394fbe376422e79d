import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AdobeDoor } from './door/adobe-door.js';
import { jsonBody } from './door/request-body.js';
import { Sources } from './door/sources.js';

/** Adobe I/O Events: validation by GET, deliveries by POST, on one URL. */
@Controller('ingest/adobe')
export class AdobeController {
  constructor(
    private readonly sources: Sources,
    private readonly door: AdobeDoor,
  ) {}

  @Get(':source')
  challenge(@Param('source') name: string, @Query('challenge') challenge: unknown): object {
    this.sources.get(name, 'adobe');
    return this.door.answerChallenge(challenge);
  }

  @Post(':source')
  @HttpCode(200)
  async receive(@Param('source') name: string, @Req() request: FastifyRequest): Promise<object> {
    const source = this.sources.get(name, 'adobe');
    await this.door.take(name, source, request.headers, jsonBody(request));
    return { ok: true };
  }
}
