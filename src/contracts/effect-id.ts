import { createHash } from 'node:crypto';

/**
 * Identity of an effect: the same rule, event and action always give the same id, on any machine and at any time,
 * so that a repeat is recognised. 128 bits of SHA-256 behind a letter (BullMQ refuses ids that look like integers).
 */
export function effectId(ruleId: string, eventId: string, actionIndex: number): string {
  return idOf([ruleId, eventId, actionIndex]);
}

/** Identity of the effect that takes another one back: taken back twice, it is taken back once. */
export function undoId(id: string): string {
  return idOf(['undo', id]);
}

const ID = /^e[0-9a-f]{32}$/;

/** True for what could be the id of an effect. */
export function isEffectId(text: string): boolean {
  return ID.test(text);
}

function idOf(parts: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts));
  return `e${hash.digest('hex').slice(0, 32)}`;
}
