import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { MarketoReadsModule } from '../marketo/marketo-reads.module.js';
import { BacklogModule } from '../queues/backlog.module.js';
import { QueuesModule } from '../queues/queues.module.js';
import { StateModule } from '../state/state.module.js';
import { Batches } from './batches.js';
import { Consequences } from './consequences.js';
import { Judge } from './judge.js';
import { RuleStore } from './loading/rule-store.js';
import { RuleChanges } from './rule-changes.js';
import { FlowClock } from './flow-clock.js';
import { FlowGate } from './flow-gate.js';
import { Knowledge } from './knowledge.js';
import { LateWork } from './late-work.js';
import { LoopGuard } from './loop-guard/loop-guard.js';
import { RulesBook } from './rules-book.js';
import { RulesProcessor } from './rules.processor.js';
import { ScheduleMemory } from './schedule-memory.js';
import { Scheduler } from './scheduler.js';

// In: batches from the events queue, what has waited for its time, rule files. Out: effects to the actions queue,
// decisions to the journal, word to rules with a timetable that it is time. Owns: the rule set that is in force.
@Module({
  imports: [BacklogModule, JournalModule, MarketoReadsModule, QueuesModule, StateModule],
  providers: [
    Batches,
    Consequences,
    FlowClock,
    FlowGate,
    Judge,
    Knowledge,
    LateWork,
    LoopGuard,
    RuleStore,
    RuleChanges,
    RulesBook,
    RulesProcessor,
    ScheduleMemory,
    Scheduler,
  ],
})
export class RulesModule {}
