import type { Logger } from '@nestjs/common';

const EVERY_MS = 10_000;
const MAX_KINDS = 1_000;

/** Says the same kind of thing once in ten seconds: what a stranger can cause at will must not fill the disk. */
export class SeldomLog {
  private readonly saidAt = new Map<string, number>();

  constructor(private readonly logger: Logger) {}

  error(kind: string, message: string | object): void {
    if (this.mayTell(kind)) this.logger.error(message);
  }

  warn(kind: string, message: string | object): void {
    if (this.mayTell(kind)) this.logger.warn(message);
  }

  private mayTell(kind: string): boolean {
    const now = performance.now();
    const last = this.saidAt.get(kind);
    if (last !== undefined && now - last < EVERY_MS) return false;
    if (this.saidAt.size >= MAX_KINDS) this.saidAt.clear();
    this.saidAt.set(kind, now);
    return true;
  }
}
