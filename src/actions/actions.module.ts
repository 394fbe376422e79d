import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { HttpClient } from '../http/http-client.js';
import { HttpModule } from '../http/http.module.js';
import { EventsQueue } from '../queues/events-queue.js';
import { QueuesModule } from '../queues/queues.module.js';
import { Coalescer } from '../marketo/coalescer.js';
import { MarketoModule } from '../marketo/marketo.module.js';
import { MessagePlaces } from '../state/message-places.js';
import { ServedRecipients } from '../state/served-recipients.js';
import { StateModule } from '../state/state.module.js';
import { Actions, createActions } from './actions.js';

// In: effects and their destinations, through `Actions`. Out: requests to the targets, emitted events to the events
// queue. Owns: the connections for mail.
@Module({
  imports: [HttpModule, MarketoModule, QueuesModule, StateModule],
  providers: [
    {
      provide: Actions,
      inject: [HttpClient, Coalescer, EventsQueue, MessagePlaces, ServedRecipients],
      useFactory: (
        http: HttpClient,
        marketo: Coalescer,
        events: EventsQueue,
        ...[places, served]: [MessagePlaces, ServedRecipients]
      ) => createActions({ http, marketo, events, places, served }, systemClock),
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
