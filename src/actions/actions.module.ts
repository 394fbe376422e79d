import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { Actions, createActions } from './actions.js';

// In: effects and their destinations, through `Actions`. Out: requests to the targets. Owns: the connections to them.
@Module({
  providers: [{ provide: Actions, useFactory: () => createActions(systemClock) }],
  exports: [Actions],
})
export class ActionsModule implements OnApplicationShutdown {
  constructor(private readonly actions: Actions) {}

  async onApplicationShutdown(): Promise<void> {
    await this.actions.close();
  }
}
