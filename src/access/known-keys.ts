import type { Clock } from '../contracts/clock.js';
import type { KeyRecord } from './key.js';

/** So long what Redis said of a key is believed, and so long a key that was revoked elsewhere is taken at most. */
const BELIEVED_MS = 5_000;

interface Known {
  readonly askedAt: number;
  readonly record: Promise<KeyRecord | undefined>;
}

/**
 * Asks for each key once in five seconds, however many requests present it. Ids that nobody has are not remembered:
 * anybody can make them up.
 */
export class KnownKeys {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly clock: Clock,
    private readonly ask: (id: string) => Promise<KeyRecord | undefined>,
  ) {}

  async find(id: string): Promise<KeyRecord | undefined> {
    const now = this.clock.now();
    const last = this.known.get(id);
    // A clock that was set back must not make an old answer young.
    if (last !== undefined && Math.abs(now - last.askedAt) < BELIEVED_MS) return await last.record;
    const asked: Known = { askedAt: now, record: this.ask(id) };
    this.known.set(id, asked);
    const found = await asked.record.catch((error: unknown) => {
      this.drop(id, asked);
      throw error;
    });
    if (found === undefined) this.drop(id, asked);
    return found;
  }

  forget(id: string): void {
    this.known.delete(id);
  }

  private drop(id: string, asked: Known): void {
    if (this.known.get(id) === asked) this.known.delete(id);
  }
}
