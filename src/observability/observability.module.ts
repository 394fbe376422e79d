import { Global, Module } from '@nestjs/common';
import { Health } from './health.js';
import { Metrics } from './metrics.js';
import { ObservabilityController } from './observability.controller.js';

// In: counts and health checks from every room. Out: /metrics, /health. Owns: the registry.
@Global()
@Module({ controllers: [ObservabilityController], providers: [Health, Metrics], exports: [Health, Metrics] })
export class ObservabilityModule {}
