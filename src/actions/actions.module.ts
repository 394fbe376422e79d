import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { Actions, createActions } from './actions.js';

/** The hands: provides `Actions`. */
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
