import type { ParamsFinding } from '../../contracts/action-kind.js';
import { permanent, type Failure } from '../../contracts/failure.js';
import type { JsonObject } from '../../contracts/json.js';
import { blockMisfits } from './blocks/block-misfits.js';
import { fitBlocks, Unfit } from './blocks/fit-blocks.js';
import { shorten } from './blocks/shorten.js';
import type { SlackParams } from './slack.params.js';

/** The longest `text`, in characters: of a new message, and of one that takes the place of another. */
export const LONGEST_TEXT = { posted: 40_000, updated: 4_000 } as const;

export interface SlackMessage {
  readonly text?: string;
  readonly blocks?: readonly JsonObject[];
}

/**
 * The message as Slack takes it. Texts above Slack's limits are cut and end in an ellipsis, because a refused message
 * helps nobody; `changes` says which, for the record.
 * @throws Failure `slack.unfit`, never retried, when Slack would refuse something that cannot be cut
 */
export function slackMessage(
  { text, blocks }: Pick<SlackParams, 'text' | 'blocks'>,
  longestText: number,
): { message: SlackMessage; changes: readonly string[] } {
  const changes: string[] = [];
  if (text !== undefined && text.length > longestText) {
    changes.push(`text cut from ${text.length} to ${longestText} characters`);
  }
  if ((text ?? '') === '' && blocks === undefined) throw permanent('slack.unfit', 'The message is empty');
  const message = {
    ...(text === undefined ? {} : { text: text.length > longestText ? shorten(text, longestText) : text }),
    ...(blocks === undefined ? {} : { blocks: fitting(blocks, changes) }),
  };
  return { message, changes };
}

function fitting(blocks: readonly JsonObject[], changes: string[]): readonly JsonObject[] {
  const [problem] = blockMisfits(blocks, ['blocks']);
  if (problem !== undefined) throw unfit(`${pathText(problem.path)}: ${problem.message}`);
  try {
    return fitBlocks(blocks, changes);
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    throw unfit(error.message);
  }
}

function unfit(sentence: string): Failure {
  return permanent('slack.unfit', `Slack would refuse the message: ${sentence}`);
}

/** `blocks[0].text`. */
function pathText(path: ParamsFinding['path']): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
  return steps.join('').slice(1);
}
