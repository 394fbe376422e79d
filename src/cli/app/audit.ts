import { hostname, userInfo } from 'node:os';
import type { INestApplicationContext } from '@nestjs/common';
import { systemClock } from '../../contracts/clock.js';
import { Journal } from '../../journal/journal.js';
import type { AuditRecord } from '../../journal/journal-entry.js';

/**
 * Writes down what somebody changes at the command line. What is done to effects and lanes is written down before it is
 * done, so that nothing is done unseen. Needs the journal's room to be open.
 */
export async function audit(
  rooms: INestApplicationContext,
  change: Pick<AuditRecord, 'what' | 'target' | 'detail'>,
): Promise<void> {
  const at = new Date(systemClock.now()).toISOString();
  const record = { at, who: commandLineUser(), from: hostname(), ...change };
  await rooms.get(Journal, { strict: false }).append([{ kind: 'audit', audit: record }]);
}

/** `cli:<user of the operating system>`. */
export function commandLineUser(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // A container may run as a user that has no name.
    return `cli:${process.getuid?.() ?? 'unknown'}`;
  }
}
