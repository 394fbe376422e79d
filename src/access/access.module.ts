import { Module } from '@nestjs/common';
import { ApiKeys } from './api-keys.js';
import { FailedAttempts } from './failed-attempts.js';

// In: what somebody presents. Out: whose key it is, or that it was tried too often. Owns: the API keys in Redis.
@Module({
  providers: [ApiKeys, { provide: FailedAttempts, useFactory: () => new FailedAttempts() }],
  exports: [ApiKeys, FailedAttempts],
})
export class AccessModule {}
