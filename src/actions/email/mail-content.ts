import { cut } from '../../contracts/cut.js';
import type { Effect } from '../../contracts/effect.js';
import { permanent } from '../../contracts/failure.js';
import { readParams } from '../common/read-params.js';
import { EmailParams } from './email.params.js';

/** In characters. A header cannot be broken inside a word, and servers refuse lines that are longer than 998 bytes. */
const LONGEST_SUBJECT = 250;

/** What people read of a mail. */
export interface MailContent {
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
}

/** A rule's mail, checked once more: rendering or an older version may have bent it. */
export function contentOf(effect: Effect): MailContent {
  const { subject, text, html } = readParams(EmailParams, effect);
  if (text === undefined && html === undefined) {
    throw permanent('params.invalid', 'The mail has neither text nor html');
  }
  return {
    subject: shortened(subject.replace(/[\r\n]+/g, ' ')),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
  };
}

function shortened(subject: string): string {
  if (subject.length <= LONGEST_SUBJECT) return subject;
  return `${cut(subject, LONGEST_SUBJECT - 1)}…`;
}
