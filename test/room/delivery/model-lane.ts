import type { LaneSign } from '../../../src/delivery/gate/lane-sign.js';
import type { Claim, LaneChange } from '../../../src/delivery/ledger-terms.js';

const COOLING = [5_000, 15_000, 45_000, 120_000, 300_000, 600_000];

/** The breaker of a lane as one would explain it, to hold the real one against. */
export class ModelLane {
  private breaker: 'closed' | 'open' | 'half-open' | 'disabled' = 'closed';
  private until = 0;
  private failures = 0;
  private trips = 0;
  private probe: string | undefined;

  /** @returns why an attempt may not begin. */
  begin(token: string, now: number): Claim | undefined {
    const held = (why: 'open' | 'half-open' | 'disabled' | 'asked', until: number): Claim => ({
      verdict: 'lane',
      why,
      until,
    });
    if (this.breaker === 'disabled') return held('disabled', now + 3_600_000);
    if (this.until > now) return held(this.breaker === 'open' ? 'open' : 'asked', this.until);
    if (this.breaker === 'closed') return undefined;
    if (this.probe !== undefined) return held('half-open', now + 1_000);
    this.breaker = 'half-open';
    this.probe = token;
    return undefined;
  }

  /** Every worker is gone, and the leases of its attempts are over. */
  die(): void {
    this.probe = undefined;
  }

  /** `until`: what the real one says, which has an element of chance. */
  end(token: string, sign: LaneSign, real: { now: number; until: number }): LaneChange | undefined {
    const isProbe = this.probe === token;
    if (isProbe) this.probe = undefined;
    if (sign.kind === 'none' || sign.kind === 'held' || this.breaker === 'disabled') return undefined;
    switch (sign.kind) {
      case 'reached':
        return this.recover();
      case 'gone':
        this.breaker = 'disabled';
        return 'disabled';
      case 'asked':
        if (isProbe) this.open(real, sign.until);
        else this.until = Math.max(this.until, sign.until);
        return undefined;
      case 'down':
        if (isProbe) {
          this.open(real, 0);
          return undefined;
        }
        this.failures += 1;
        if (this.breaker !== 'closed' || this.failures < 5) return undefined;
        this.trips = 0;
        this.open(real, this.until);
        return 'opened';
    }
  }

  private recover(): LaneChange | undefined {
    this.failures = 0;
    if (this.breaker === 'closed') return undefined;
    this.breaker = 'closed';
    this.until = 0;
    this.trips = 0;
    return 'closed';
  }

  private open({ now, until }: { now: number; until: number }, atLeast: number): void {
    this.trips += 1;
    this.breaker = 'open';
    const cooling = COOLING[Math.min(this.trips, COOLING.length) - 1] ?? 0;
    const [least, most] = [
      Math.max(now + 0.8 * cooling, atLeast),
      Math.max(now + Math.min(1.2 * cooling, 600_000), atLeast),
    ];
    expect(until).toBeGreaterThanOrEqual(Math.floor(least));
    expect(until).toBeLessThanOrEqual(Math.ceil(most));
    this.until = until;
  }
}
