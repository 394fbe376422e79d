import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { HttpClient } from '../http/http-client.js';
import { HttpModule } from '../http/http.module.js';
import { EventsQueue } from '../queues/events-queue.js';
import { QueuesModule } from '../queues/queues.module.js';
import { MarketoClient } from '../marketo/marketo-client.js';
import { MarketoModule } from '../marketo/marketo.module.js';
import { Actions, createActions } from './actions.js';

// In: effects and their destinations, through `Actions`. Out: requests to the targets, emitted events to the events
// queue. Owns: the connections for mail.
@Module({
  imports: [HttpModule, MarketoModule, QueuesModule],
  providers: [
    {
      provide: Actions,
      inject: [HttpClient, MarketoClient, EventsQueue],
      useFactory: (http: HttpClient, marketo: MarketoClient, events: EventsQueue) =>
        createActions({ http, marketo, events }, systemClock),
    },
  ],
  exports: [Actions],
})
export class ActionsModule implements OnApplicationShutdown {
  constructor(private readonly actions: Actions) {}

  onApplicationShutdown(): void {
    this.actions.close();
  }
}
