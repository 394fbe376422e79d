import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BatchWriter } from './door/batch-writer.js';
import { unauthorized } from './door/door-error.js';
import { jsonBody } from './door/request-body.js';
import { bearerToken, sameSecret } from './door/secrets.js';
import { Sources } from './door/sources.js';

/** Marketo's own direct push of lead activities, which a few customers still have. */
@Controller('ingest/marketo')
export class MarketoPushController {
  constructor(
    private readonly sources: Sources,
    private readonly writer: BatchWriter,
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
    const { token } = this.sources.get(name, 'marketo');
    const given = bearerToken(request.headers.authorization);
    if (given === undefined || token === undefined || !sameSecret(given, token))
      throw unauthorized('Send the API token of this source in the Authorization header.');
    await this.writer.write(name, 'marketo', jsonBody(request));
    return { ok: true };
  }
}
