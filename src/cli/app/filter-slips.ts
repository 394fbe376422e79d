import type { INestApplicationContext } from '@nestjs/common';
import type { AppConfig } from '../../config/app-config.js';
import { Failure } from '../../contracts/failure.js';
import { type Destinations, Lanes } from '../../queues/lanes.js';
import { destinationsOf } from './connections-of.js';
import { ruleSlip } from './rule-slip.js';

/** What a command was asked to look for. */
interface Wanted {
  readonly rule?: string;
  readonly to?: string;
}

/**
 * What to say when nothing was found: that there is no such rule, or no such destination. Without it a slip of the pen reads
 * like good news. Needs the rooms of ledger and queues to be open.
 */
export async function filterSlips(
  { rule, to }: Wanted,
  rooms: INestApplicationContext,
  config: AppConfig,
): Promise<string[]> {
  const slips = [
    rule === undefined ? undefined : await ruleSlip(rule, rooms, config),
    to === undefined ? undefined : await destinationSlip(to, rooms, config),
  ];
  return slips.filter((slip) => slip !== undefined);
}

async function destinationSlip(
  name: string,
  rooms: INestApplicationContext,
  config: AppConfig,
): Promise<string | undefined> {
  const destinations = await readable(config);
  return destinations && (await rooms.get(Lanes, { strict: false }).slip(name, destinations));
}

/** Whoever asks what was sent need not be able to read every secret. */
async function readable(config: AppConfig): Promise<Destinations | undefined> {
  try {
    return await destinationsOf(config);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
