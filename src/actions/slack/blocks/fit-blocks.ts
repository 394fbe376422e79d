import { isJsonObject, type JsonObject } from '../../../contracts/json.js';
import { messageBlock } from './message-blocks.js';
import { meantBy, type Node } from './node.js';
import { shorten } from './shorten.js';
import type { Fit } from './texts.js';
import { isUrl, WHAT_URL } from './urls.js';

/** Slack refuses an empty text, and the whole message with it. */
const NOTHING = '–';

/** What Slack would refuse and nothing can be cut off of; the message is one sentence that names the block. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
}

/**
 * Brings rendered blocks, which must be of the schema's shape, within Slack's limits: texts that are too long are cut
 * and empty ones become a dash. `changes` is told what was done, a sentence each.
 * @throws Unfit when something cannot be cut, such as a URL
 */
export function fitBlocks(blocks: readonly JsonObject[], changes: string[]): readonly JsonObject[] {
  const fitter = new BlockFitter(changes);
  return blocks.map(
    (block, index) => fitter.fit(block, messageBlock as Node, `blocks[${index}]`) as JsonObject,
  );
}

class BlockFitter {
  /** How many characters are left of each limit that texts share. */
  private readonly left = new Map<string, number>();

  constructor(private readonly changes: string[]) {}

  fit(value: unknown, schema: Node | undefined, at: string): unknown {
    if (typeof value === 'string') return this.text(value, schema, at);
    if (Array.isArray(value)) {
      return value.map((item, index) => this.fit(item, schema?.items, `${at}[${index}]`));
    }
    if (!isJsonObject(value)) return value;
    const { properties } = meantBy(value, schema ?? {}) ?? {};
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        this.fit(member, properties?.[name], `${at}.${name}`),
      ]),
    );
  }

  private text(text: string, schema: Node | undefined, at: string): string {
    const { fit } = schema ?? {};
    if (fit === undefined) return text;
    if (fit.cut !== true) return checked(text, fit, at);
    const longest = this.left.get(fit.shared ?? '') ?? fit.longest;
    const fitting = this.shown(text, longest, fit, at);
    if (fit.shared !== undefined) this.left.set(fit.shared, longest - fitting.length);
    return fitting;
  }

  private shown(text: string, longest: number, { shared }: Fit, at: string): string {
    if (longest === 0) throw new Unfit(`${at} has no room: ${String(shared)} together are too long`);
    if (text === '') {
      this.changes.push(`${at} is empty and shown as ${NOTHING}`);
      return NOTHING;
    }
    if (text.length <= longest) return text;
    this.changes.push(`${at} cut from ${text.length} to ${longest} characters`);
    return shorten(text, longest);
  }
}

function checked(text: string, { longest, form }: Fit, at: string): string {
  if (text === '') throw new Unfit(`${at} is empty`);
  if (text.length > longest) {
    throw new Unfit(`${at} has ${text.length} characters, and Slack takes ${longest}`);
  }
  if (form !== undefined && !isUrl(text, form)) {
    throw new Unfit(`${at} must be ${WHAT_URL[form]}, but is ${JSON.stringify(text.slice(0, 60))}`);
  }
  return text;
}
