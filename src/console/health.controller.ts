import { Controller, Get, Req, ServiceUnavailableException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Health, type HealthDetail } from '../observability/health.js';
import { Callers } from './callers.js';

type Readiness = Record<string, HealthDetail> | { readonly ok: boolean };

/** For orchestrators, which have no key. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly callers: Callers,
  ) {}

  /** The process answers; nothing more is asked, so that a sick Redis does not get it restarted. */
  @Get('live')
  live(): { ok: true } {
    return { ok: true };
  }

  /** 200 when every part is ready, else 503. Each part's own sentence is for viewers and for this machine only. */
  @Get('ready')
  async ready(@Req() request: FastifyRequest): Promise<Readiness> {
    const [report, maySee] = await Promise.all([this.health.report(), this.callers.maySee(request)]);
    const ok = Object.values(report).every((part) => part.ok);
    const answer = maySee ? report : { ok };
    if (!ok) throw new ServiceUnavailableException(answer);
    return answer;
  }
}
