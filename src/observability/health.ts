import { Injectable, type OnModuleDestroy } from '@nestjs/common';

export interface HealthDetail {
  readonly ok: boolean;
  /** One sentence for the person on call. */
  readonly detail: string;
}

/** Each room registers what it needs to be ready; `GET /health/ready` asks them all. */
@Injectable()
export class Health implements OnModuleDestroy {
  private readonly checks = new Map<string, () => Promise<HealthDetail> | HealthDetail>();

  register(name: string, check: () => Promise<HealthDetail> | HealthDetail): void {
    this.checks.set(name, check);
  }

  /** Comes before anything is closed: while what is under way is finished, nothing new is to be sent here. */
  onModuleDestroy(): void {
    this.register('process', () => ({ ok: false, detail: 'it is ending' }));
  }

  /** A check that throws is a check that failed. */
  async report(): Promise<Record<string, HealthDetail>> {
    const entries = [...this.checks].map(async ([name, check]) => {
      try {
        return [name, await check()] as const;
      } catch (error) {
        return [name, { ok: false, detail: error instanceof Error ? error.message : String(error) }] as const;
      }
    });
    return Object.fromEntries(await Promise.all(entries));
  }
}
