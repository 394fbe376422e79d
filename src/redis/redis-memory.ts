import { totalmem } from 'node:os';
import { infoField } from './info-field.js';

/**
 * What a Redis uses of the memory that it may use, counted as it does itself to see whether it is full; undefined where
 * it has no limit. `info`: the memory section of INFO.
 */
export function memoryRatio(info: string): number | undefined {
  const number = (name: string): number => Number(infoField(info, name) ?? 0);
  const limit = number('maxmemory');
  return limit > 0 ? (number('used_memory') - number('mem_not_counted_for_evict')) / limit : undefined;
}

/**
 * What our own Redis may use unless it is told: half of the memory that this machine, or the control group that we run
 * in, has. The other half is for the copy that Redis makes of what changes while it rewrites its file, and for us.
 */
export function defaultRedisBytes(
  machine = totalmem(),
  // Node gives 0, or more than there is, where there is no such limit.
  controlGroup = process.constrainedMemory(),
): number {
  const has = controlGroup > 0 ? Math.min(machine, controlGroup) : machine;
  return Math.floor(has / 2);
}
