import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import type { KeyRole } from '../access/key.js';
import { AccessGuard } from './access.guard.js';
import { NEEDS, type Needs } from './needs.js';

/** Lets only those in whose key includes the role; with `orLocal` whoever asks from this machine as well. */
export function Requires(
  role: KeyRole,
  { orLocal = false }: Partial<Pick<Needs, 'orLocal'>> = {},
): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(NEEDS, { role, orLocal } satisfies Needs), UseGuards(AccessGuard));
}
