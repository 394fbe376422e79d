import { Module } from '@nestjs/common';
import { Backlog } from './backlog.js';
import { BacklogProbe } from './backlog-probe.js';

// In: what Redis says of itself and of what waits. Out: whether there is room for more. Owns: the looks at it.
@Module({ providers: [Backlog, BacklogProbe], exports: [Backlog] })
export class BacklogModule {}
