import { setTimeout as pause } from 'node:timers/promises';
import { newLead } from './activity.js';
import type { Doors } from './doors.js';
import type { House } from './house.js';

/** Adobe's limit, after which it counts a delivery as failed whatever we did. */
export const ADOBE_MS = 10_000;

export interface Answer {
  readonly lead: number;
  /** 0 when nobody was there to answer. */
  readonly status: number;
  readonly retryAfter: unknown;
  readonly ms: number;
}

/** Senders that go on, each with its next signed event once the last was answered, until they are told to stop. */
export class Load {
  readonly answers: Answer[] = [];
  private next: number;
  private stopped = false;
  private readonly senders: Promise<void>[];

  constructor(
    private readonly doors: Doors,
    firstLead: number,
    senders = 8,
  ) {
    this.next = firstLead;
    this.senders = Array.from({ length: senders }, () => this.send());
  }

  get refused(): readonly Answer[] {
    return this.answers.filter(({ status }) => status !== 200);
  }

  get taken(): readonly Answer[] {
    return this.answers.filter(({ status }) => status === 200);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.senders);
  }

  /** Those that were refused come again, as their senders were told. @returns the answers that were no 200. */
  async repeatRefused(): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    const waiting = this.refused.values();
    const sender = async (): Promise<void> => {
      for (const { lead } of waiting) answers.push(await this.sendOne(lead));
    };
    await Promise.all(Array.from(this.senders, sender));
    return answers.filter(({ status }) => status !== 200);
  }

  private async send(): Promise<void> {
    while (!this.stopped) {
      const answer = await this.sendOne(this.next++);
      this.answers.push(answer);
      // A sender that was told to come again later does not come at once.
      await pause(answer.status === 200 ? 1 : 100);
    }
  }

  private async sendOne(lead: number): Promise<Answer> {
    const began = performance.now();
    const { status, headers } = await this.doors
      .adobe(newLead(lead, this.doors.clientId))
      .catch(() => ({ status: 0, headers: { 'retry-after': undefined } }));
    return { lead, status, retryAfter: headers['retry-after'], ms: performance.now() - began };
  }
}

/** What is wrong with refusals: another answer than 503, no word on when to come again, or one that came too late. */
export function wrongRefusals({ answers, refused }: Load): readonly Answer[] {
  return [
    ...refused.filter(({ status, retryAfter }) => status !== 503 || !Number(retryAfter)),
    ...answers.filter(({ ms }) => ms >= ADOBE_MS),
  ];
}

/** Leads whose event came to no webhook, and leads whose event came to more than one; a repeat has the same id. */
export function lostAndDoubled(
  house: House,
  leads: readonly number[],
): { readonly lost: readonly number[]; readonly doubled: readonly number[] } {
  const counts = new Map<number, number>();
  for (const { first } of house.sandbox.receiver.unique()) {
    const lead = Number(JSON.parse(first.body));
    counts.set(lead, (counts.get(lead) ?? 0) + 1);
  }
  return {
    lost: leads.filter((lead) => !counts.has(lead)),
    doubled: leads.filter((lead) => (counts.get(lead) ?? 0) > 1),
  };
}
