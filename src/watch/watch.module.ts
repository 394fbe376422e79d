import { Module } from '@nestjs/common';
import { QueuesModule } from '../queues/queues.module.js';
import { StateModule } from '../state/state.module.js';
import { SilenceAlarm } from './silence-alarm.js';
import { SilenceBoard } from './silence-board.js';
import { StreamWatch } from './stream-watch.js';
import { StreamsModule } from './streams.module.js';

// In: the states of the streams, every minute. Out: an event for the rules when one falls silent and when it is heard
// again; metrics; a line of the health report. Owns: the timer.
@Module({
  imports: [QueuesModule, StateModule, StreamsModule],
  providers: [SilenceAlarm, SilenceBoard, StreamWatch],
})
export class WatchModule {}
