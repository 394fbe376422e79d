import type { AttemptRecord } from '../../contracts/attempt.js';
import { cut } from '../../contracts/cut.js';
import type { Effect } from '../../contracts/effect.js';

/** Characters of an effect's parameters as JSON, and of the body of its last request. */
const MOST = 16 * 1024;

/** Characters of the bodies of its earlier requests. */
const MOST_EARLIER = 2 * 1024;

/** Characters of a reason. Targets can say a lot. */
const MOST_OF_REASON = 1_000;

/** The effect as JSON; large parameters are left out, so that large events cannot fill Redis. */
export function keptEffect(effect: Effect): string {
  const text = JSON.stringify(effect);
  if (text.length <= MOST) return text;
  const characters = JSON.stringify(effect.params).length;
  return characters <= MOST
    ? text
    : JSON.stringify({ ...effect, params: { omitted: `${characters} characters` } });
}

/** The effect as JSON without what it tells of people; empty when it tells of nobody. */
export function bareEffect(effect: Effect): string {
  if ((effect.people ?? []).length === 0) return '';
  return JSON.stringify({ ...effect, params: { omitted: 'the person was erased' }, people: [] });
}

/** `code: sentence`, of which the sentence can name a person. */
export function bareReason(reason: string): string {
  return reason.split(':', 1)[0] ?? '';
}

export function keptReason(reason: string): string {
  return cut(reason, MOST_OF_REASON);
}

/** The record as the log keeps it, and in full when that is more. */
export function keptRecord(record: AttemptRecord): { readonly line: string; readonly full: string } {
  const short = { ...record, reason: keptReason(record.reason) };
  const line = JSON.stringify(withBody(short, MOST_EARLIER));
  const isWhole = (record.request?.body?.length ?? 0) <= MOST_EARLIER;
  return { line, full: isWhole ? '' : JSON.stringify(withBody(short, MOST)) };
}

function withBody(record: AttemptRecord, most: number): AttemptRecord {
  const { request } = record;
  if (request?.body === undefined) return record;
  return { ...record, request: { ...request, body: cut(request.body, most) } };
}
