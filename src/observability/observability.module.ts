import { Global, Module } from '@nestjs/common';
import { Health } from './health.js';
import { Metrics } from './metrics.js';

// In: counts and health checks from every room. Out: the same, for the console. Owns: the registry.
@Global()
@Module({ providers: [Health, Metrics], exports: [Health, Metrics] })
export class ObservabilityModule {}
