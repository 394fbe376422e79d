import { Controller, Get, Header, HttpCode, ServiceUnavailableException } from '@nestjs/common';
import { Health, type HealthDetail } from './health.js';
import { Metrics } from './metrics.js';

@Controller()
export class ObservabilityController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
  ) {}

  /** The process answers; nothing more is asked, so that a sick Redis does not get it restarted. */
  @Get('health/live')
  @HttpCode(200)
  live(): { ok: true } {
    return { ok: true };
  }

  /** 200 when every part is ready, 503 with the parts that are not. */
  @Get('health/ready')
  async ready(): Promise<Record<string, HealthDetail>> {
    const report = await this.health.report();
    if (Object.values(report).some((part) => !part.ok)) throw new ServiceUnavailableException(report);
    return report;
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async print(): Promise<string> {
    return await this.metrics.registry.metrics();
  }
}
