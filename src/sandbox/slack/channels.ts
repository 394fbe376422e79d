import { createHash } from 'node:crypto';

export interface KeptMessage {
  readonly channel: string;
  readonly ts: string;
  /** Of the message that it replies to. */
  readonly thread?: string;
}

/** The messages that stand in channels. They are named by id or by name, and the id is what answers give. */
export class Channels {
  private readonly kept = new Map<string, KeptMessage>();
  private count = 0;

  /** `#ops` and `ops` are names; what looks like an id is one. */
  idOf(channel: string): string {
    if (/^[CDG][A-Z0-9]+$/.test(channel)) return channel;
    const hash = createHash('sha256').update(channel.replace(/^#/, '')).digest('hex');
    return `C${hash.slice(0, 8).toUpperCase()}`;
  }

  /** `now` in epoch milliseconds. */
  add(channel: string, now: number, thread?: string): KeptMessage {
    this.count += 1;
    const ts = `${(now / 1000).toFixed(3)}${String(this.count % 1000).padStart(3, '0')}`;
    const message = { channel: this.idOf(channel), ts, ...(thread === undefined ? {} : { thread }) };
    this.kept.set(`${message.channel} ${ts}`, message);
    return message;
  }

  /** By the channel's id alone, as `chat.update` and `chat.delete` do. */
  find(channel: unknown, ts: unknown): KeptMessage | undefined {
    return this.kept.get(`${String(channel)} ${String(ts)}`);
  }

  remove({ channel, ts }: KeptMessage): void {
    this.kept.delete(`${channel} ${ts}`);
  }

  clear(): void {
    this.kept.clear();
  }
}
