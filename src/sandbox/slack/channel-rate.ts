const EVERY_MS = 1_000;

/** One message a second and channel, the figure of Slack's documentation. */
export class ChannelRate {
  private readonly lastAt = new Map<string, number>();

  /** Seconds the sender has to wait; 0 when the message may pass, which then counts. */
  take(channel: string, now: number): number {
    const freeAt = (this.lastAt.get(channel) ?? -Infinity) + EVERY_MS;
    if (now < freeAt) return Math.ceil((freeAt - now) / 1000);
    this.lastAt.set(channel, now);
    return 0;
  }
}
