import { setImmediate as turn } from 'node:timers/promises';
import { Command, type Redis } from 'ioredis';
import { RedisConnections } from '../../../src/redis/redis-connections.js';

/** What becomes of the commands that a process has ready to send. */
export type Fate =
  | 'pass'
  /** The process ends, and only the first so many took effect. */
  | { readonly diesAfter: number }
  /** They take effect, but the connection breaks before the answers are there. */
  | 'unanswered'
  /** The connection breaks after they took effect, and the client sends them once more. */
  | 'sent twice';

interface Held {
  readonly command: Command;
  readonly pipeline: Pipeline | undefined;
  readonly send: (command: Command, pipeline?: Pipeline) => unknown;
}
/** Writes all at once when it was called for each of its commands. */
type Pipeline = NonNullable<Parameters<Redis['sendCommand']>[1]>;

/**
 * A process of ours whose every command to Redis waits until somebody says what becomes of it. So one chance decides
 * who goes next and where it ends, and the same seed gives the same interleaving.
 */
export class GatedProcess extends RedisConnections {
  private readonly clients: Redis[] = [];
  private held: Held[] = [];
  private gated = false;
  private dead = false;
  private succeeded: boolean | undefined = true;
  private wake = (): void => undefined;

  override forWorkers(): Redis {
    return this.gate(super.forWorkers());
  }

  override forRequests(): Redis {
    return this.gate(super.forRequests());
  }

  /** From now on its commands wait. */
  gateAll(): void {
    this.gated = true;
  }

  cut(): void {
    for (const redis of this.clients) redis.disconnect();
  }

  get isFree(): boolean {
    return this.succeeded !== undefined && this.held.length === 0;
  }

  /** Goes as far as the first commands. */
  async begin(work: () => Promise<unknown>): Promise<void> {
    this.dead = false;
    this.succeeded = undefined;
    const end = (succeeded: boolean): void => {
      // Nobody hears of what a process finished that is no more.
      this.succeeded = succeeded && !this.dead;
      this.wake();
    };
    work().then(
      () => {
        end(true);
      },
      () => {
        end(false);
      },
    );
    await this.toNextCommands();
  }

  /** Goes on to the next commands, or to the end. @returns whether the work succeeded, at its end. */
  async step(choose: (commands: number) => Fate): Promise<boolean | undefined> {
    const wave = this.held.splice(0);
    const fate = choose(wave.length);
    if (typeof fate === 'object') this.die(wave, fate.diesAfter);
    else {
      if (fate === 'sent twice') this.sendCopies(wave);
      for (const held of wave) {
        const { command } = held;
        if (fate === 'unanswered')
          command.resolve = () => {
            command.reject(new Error('Connection is closed.'));
          };
        pass(held);
      }
    }
    await Promise.allSettled(wave.map(({ command }) => command.promise));
    await this.toNextCommands();
    return this.isFree ? this.succeeded : undefined;
  }

  private die(wave: readonly Held[], after: number): void {
    // A transaction that did not come to its end has no effect at all.
    const whole = wave.some(({ command }) => command.name === 'multi');
    const sent = whole && after < wave.length ? 0 : after;
    this.dead = true;
    for (const [index, held] of wave.entries())
      if (index < sent) pass(held);
      else drop(held);
  }

  private sendCopies(wave: readonly Held[]): void {
    for (const { command, send } of wave) {
      const copy = new Command(command.name, [...command.args]);
      copy.promise.catch(() => undefined);
      send(copy);
    }
  }

  private async toNextCommands(): Promise<void> {
    if (this.held.length === 0 && this.succeeded === undefined)
      await new Promise<void>((resolve) => (this.wake = resolve));
    // What is sent together is gathered together.
    await turn();
  }

  private gate(redis: Redis): Redis {
    const send = redis.sendCommand.bind(redis);
    this.clients.push(redis);
    redis.sendCommand = (command, pipeline) => {
      const held = { command, pipeline, send };
      if (this.dead) drop(held);
      // Whether Redis knows a script is asked now and then, by the time of day.
      else if (this.gated && command.name !== 'script') this.hold(held);
      else pass(held);
      return command.promise;
    };
    return redis;
  }

  private hold(held: Held): void {
    this.held.push(held);
    this.wake();
  }
}

function pass({ command, pipeline, send }: Held): void {
  send(command, pipeline);
}

function drop({ command, pipeline }: Held): void {
  command.reject(new Error('The process is dead.'));
  pipeline?.write('');
}
