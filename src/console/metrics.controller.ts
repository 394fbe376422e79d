import { Controller, Get, Header, UseFilters } from '@nestjs/common';
import { Metrics } from '../observability/metrics.js';
import { ApiErrorFilter } from './api-error.filter.js';
import { Requires } from './requires.js';

/** For Prometheus. */
@Controller('metrics')
@UseFilters(ApiErrorFilter)
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Requires('viewer', { orLocal: true })
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async print(): Promise<string> {
    return await this.metrics.registry.metrics();
  }
}
