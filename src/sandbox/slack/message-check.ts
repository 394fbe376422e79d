import { isJsonObject, type JsonObject } from '../../contracts/json.js';

export interface MessageProblem {
  readonly error: 'no_text' | 'invalid_blocks' | 'msg_too_long';
  readonly response_metadata?: { readonly messages: readonly string[] };
}

const MAX_BLOCKS = 50;
const MAX_TEXT = 40_000;
const MESSAGE_BLOCKS = new Set([
  'actions',
  'context',
  'divider',
  'file',
  'header',
  'image',
  'input',
  'markdown',
  'rich_text',
  'section',
  'table',
  'video',
]);

/** Longest text of each place, in characters, from Slack's Block Kit reference. */
const LIMITS = { section: 3_000, field: 2_000, header: 150, contextElements: 10, fields: 10, blockId: 255 };

/** What Slack would refuse in a message, or undefined. Only the blocks that carry text are looked into. */
export function checkMessage(payload: JsonObject): MessageProblem | undefined {
  const { text, blocks, attachments } = payload;
  if (text !== undefined && typeof text !== 'string') return { error: 'no_text' };
  const hasBlocks = Array.isArray(blocks) && blocks.length > 0;
  const hasAttachments = Array.isArray(attachments) && attachments.length > 0;
  if ((text === undefined || text === '') && !hasBlocks && !hasAttachments) return { error: 'no_text' };
  if (text !== undefined && text.length > MAX_TEXT) return { error: 'msg_too_long' };
  if (blocks === undefined) return undefined;
  const messages = Array.isArray(blocks) ? blocksProblems(blocks) : ['blocks must be an array'];
  return messages.length > 0 ? { error: 'invalid_blocks', response_metadata: { messages } } : undefined;
}

function blocksProblems(blocks: readonly unknown[]): string[] {
  if (blocks.length > MAX_BLOCKS) return [`no more than ${MAX_BLOCKS} items allowed [json-pointer:/blocks]`];
  return blocks.flatMap((block, index) =>
    blockProblems(block).map((problem) => `${problem} [json-pointer:/blocks/${index}]`),
  );
}

function blockProblems(block: unknown): string[] {
  if (!isJsonObject(block) || typeof block['type'] !== 'string' || !MESSAGE_BLOCKS.has(block['type'])) {
    return ['unsupported type'];
  }
  const { block_id: id, type } = block;
  const problems = typeof id === 'string' && id.length > LIMITS.blockId ? ['block_id is too long'] : [];
  if (type === 'section') problems.push(...sectionProblems(block));
  if (type === 'header') problems.push(...textProblems(block['text'], LIMITS.header, ['plain_text']));
  if (type === 'context') problems.push(...contextProblems(block['elements']));
  return problems;
}

function sectionProblems(block: JsonObject): string[] {
  const { text, fields } = block;
  if (text === undefined && fields === undefined) return ['a section needs text or fields'];
  const ofText = text === undefined ? [] : textProblems(text, LIMITS.section);
  if (fields === undefined) return ofText;
  if (!Array.isArray(fields) || fields.length > LIMITS.fields) return [...ofText, 'fields: 1 to 10 texts'];
  return [...ofText, ...fields.flatMap((field) => textProblems(field, LIMITS.field))];
}

function contextProblems(elements: unknown): string[] {
  if (!Array.isArray(elements) || elements.length === 0 || elements.length > LIMITS.contextElements) {
    return ['elements: 1 to 10 texts or images'];
  }
  const texts = elements.filter((element) => !isJsonObject(element) || element['type'] !== 'image');
  return texts.flatMap((element) => textProblems(element, LIMITS.section));
}

function textProblems(value: unknown, limit: number, types = ['mrkdwn', 'plain_text']): string[] {
  if (!isJsonObject(value) || typeof value['text'] !== 'string') return ['missing text object'];
  const problems = types.includes(String(value['type'])) ? [] : [`text must be ${types.join(' or ')}`];
  if (value['text'].length === 0) problems.push('must be more than 0 characters');
  if (value['text'].length > limit) problems.push(`must be less than ${limit + 1} characters`);
  return problems;
}
