import type { ParamsFinding } from '../../../contracts/action-kind.js';
import type { JsonObject } from '../../../contracts/json.js';
import { messageBlock } from './message-blocks.js';
import { misfits } from './misfits.js';
import type { Node } from './node.js';
import { wholeMessageProblems } from './whole-message.js';

/** What Slack would refuse of the blocks of a message whatever their templates make; `path` leads to them. */
export function blockMisfits(
  blocks: readonly JsonObject[],
  path: ParamsFinding['path'],
): readonly ParamsFinding[] {
  const found = blocks.flatMap((block, index) => misfits(block, messageBlock as Node, [...path, index]));
  return found.length > 0 ? found : wholeMessageProblems(blocks, path);
}
