import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { FirstAdminKey } from '../access/first-admin-key.js';
import { LedgerModule } from '../delivery/ledger.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { QueuesModule } from '../queues/queues.module.js';
import { StateModule } from '../state/state.module.js';
import { AuditController } from './audit.controller.js';
import { Callers } from './callers.js';
import { ChangeLog } from './change-log.js';
import { CompletenessController } from './completeness.controller.js';
import { ConnectionChanges } from './connection-changes.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { EffectsController } from './effects.controller.js';
import { HealthController } from './health.controller.js';
import { HeldController } from './held.controller.js';
import { KeysController } from './keys.controller.js';
import { LanesController } from './lanes.controller.js';
import { MetricsController } from './metrics.controller.js';
import { SilencesController } from './silences.controller.js';
import { SourcesController } from './sources.controller.js';

// In: HTTP of people and of what watches over us. Out: what the other rooms know. Owns: who may ask for what.
@Module({
  imports: [AccessModule, JournalModule, LedgerModule, QueuesModule, StateModule],
  controllers: [
    HealthController,
    MetricsController,
    SourcesController,
    KeysController,
    AuditController,
    CompletenessController,
    DeadLettersController,
    EffectsController,
    HeldController,
    LanesController,
    SilencesController,
  ],
  providers: [Callers, ChangeLog, ConnectionChanges, FirstAdminKey],
})
export class ConsoleModule {}
