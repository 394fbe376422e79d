import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Health } from '../observability/health.js';
import { Metrics } from '../observability/metrics.js';
import { nameOf, type StreamState } from './stream-states.js';

/** Shows the last look at the streams in the metrics and beside the health of the app. */
@Injectable()
export class SilenceBoard {
  private readonly silence: Gauge<'source' | 'stream'>;
  private states: readonly StreamState[] | undefined;

  constructor({ registry }: Metrics, health: Health) {
    this.silence = new Gauge({
      name: 'signalman_stream_silence_seconds',
      help: 'Time since a stream of a configured source was heard last.',
      labelNames: ['source', 'stream'],
      registers: [registry],
    });
    // A sender that is silent is no reason to take traffic from us.
    health.register('streams', () => ({ ok: true, detail: this.sentence() }));
  }

  show(states: readonly StreamState[]): void {
    this.states = states;
    this.silence.reset();
    for (const { source, stream, silentForMs } of states)
      this.silence.set({ source, stream }, Math.round(silentForMs / 1_000));
  }

  private sentence(): string {
    if (this.states === undefined) return 'Not looked at yet.';
    const silent = this.states.filter((state) => state.silent);
    if (this.states.length === 0) return 'No stream was heard yet.';
    if (silent.length === 0) return `${this.states.length} heard, none silent for longer than is normal.`;
    return `Silent for longer than is normal: ${silent.map(nameOf).join(', ')}.`;
  }
}
