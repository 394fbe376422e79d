import { Module } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../observability/metrics.js';
import { Backlog } from '../queues/backlog.js';
import { BacklogModule } from '../queues/backlog.module.js';
import { EventsQueue } from '../queues/events-queue.js';
import { QueuesModule } from '../queues/queues.module.js';
import { Locks } from '../state/locks.js';
import { StateModule } from '../state/state.module.js';
import { AdobeClientsModule } from './adobe-clients.module.js';
import { AdobeWatchers, PULLER_TOOLS, WATCH_TOOLS } from './adobe-watchers.js';
import { JournalClient } from './journal/journal-client.js';
import { JournalMetrics } from './journal/journal-metrics.js';
import { JournalPositions } from './journal/journal-positions.js';
import type { PullerTools } from './journal/journal-puller.js';
import { PACE, type Pace } from './pace.js';
import { RegistrationClient } from './registration/registration-client.js';
import { RegistrationStates } from './registration/registration-states.js';
import type { WatchTools } from './registration/registration-watch.js';

// In: Adobe's journals and registrations. Out: pages of the journals in the events queue, and events of our own about
// gaps and registrations. Owns: the positions in the journals, the states of the registrations.
@Module({
  imports: [AdobeClientsModule, QueuesModule, BacklogModule, StateModule],
  providers: [
    AdobeWatchers,
    JournalMetrics,
    JournalPositions,
    RegistrationStates,
    {
      provide: PULLER_TOOLS,
      inject: [JournalClient, JournalPositions, EventsQueue, Backlog, Locks, JournalMetrics, PACE],
      useFactory: (
        client: JournalClient,
        positions: JournalPositions,
        queue: EventsQueue,
        backlog: Backlog,
        locks: Locks,
        metrics: JournalMetrics,
        pace: Pace,
      ): PullerTools => ({ client, positions, queue, backlog, locks, metrics, pace }),
    },
    {
      provide: WATCH_TOOLS,
      inject: [RegistrationClient, RegistrationStates, EventsQueue, Locks, Metrics, PACE],
      useFactory: (
        client: RegistrationClient,
        states: RegistrationStates,
        queue: EventsQueue,
        locks: Locks,
        { registry }: Metrics,
        pace: Pace,
      ): WatchTools => ({ client, states, queue, locks, ok: registrationGauge(registry), pace }),
    },
  ],
})
export class AdobeIoModule {}

function registrationGauge(registry: Metrics['registry']): Gauge<'source'> {
  return new Gauge({
    name: 'signalman_registration_ok',
    help: '1 while Adobe delivers to the registration, 0 when it is unstable or disabled.',
    labelNames: ['source'],
    registers: [registry],
  });
}
