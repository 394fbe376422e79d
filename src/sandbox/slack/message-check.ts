import type { JsonObject } from '../../contracts/json.js';
import { blocksProblems } from './block-check.js';

export interface MessageProblem {
  readonly error: 'no_text' | 'invalid_blocks' | 'msg_too_long';
  readonly response_metadata?: { readonly messages: readonly string[] };
}

/** The longest text of a new message, and of one that takes the place of another. */
export const LONGEST = { posted: 40_000, updated: 4_000 } as const;

/** What Slack would refuse in a message, or undefined. */
export function checkMessage(
  payload: JsonObject,
  longest: number = LONGEST.posted,
): MessageProblem | undefined {
  const { text, blocks, attachments } = payload;
  if (text !== undefined && typeof text !== 'string') return { error: 'no_text' };
  const hasBlocks = Array.isArray(blocks) && blocks.length > 0;
  const hasAttachments = Array.isArray(attachments) && attachments.length > 0;
  if ((text === undefined || text === '') && !hasBlocks && !hasAttachments) return { error: 'no_text' };
  if (text !== undefined && text.length > longest) return { error: 'msg_too_long' };
  if (blocks === undefined) return undefined;
  const messages = blocksProblems(blocks);
  return messages.length > 0 ? { error: 'invalid_blocks', response_metadata: { messages } } : undefined;
}
