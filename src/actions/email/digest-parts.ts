import type { Effect } from '../../contracts/effect.js';
import type { MailContent } from './mail-content.js';

/** One of the messages that a digest gathers. */
export interface DigestEntry extends MailContent {
  readonly effect: Pick<Effect, 'ruleId' | 'decidedAt'>;
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** The mail that holds them all, each with its subject, its rule and its text. */
export function digestParts(entries: readonly DigestEntry[]): Required<MailContent> {
  const texts = entries.map(
    (entry, index) => `${index + 1}. ${entry.subject}\n   ${originOf(entry)}\n\n${textOf(entry)}\n`,
  );
  const items = entries.map(
    (entry) =>
      `<h2>${escaped(entry.subject)}</h2>\n<p><small>${escaped(originOf(entry))}</small></p>\n<div>${htmlOf(entry)}</div>`,
  );
  return {
    subject: `${entries.length} messages from Signalman`,
    text: texts.join(`\n${'-'.repeat(40)}\n\n`),
    html: items.join('\n<hr>\n'),
  };
}

/** `operations/quota, 2026-03-04 05:06 UTC`. */
function originOf({ effect: { ruleId, decidedAt } }: DigestEntry): string {
  return `${ruleId}, ${decidedAt.slice(0, 16).replace('T', ' ')} UTC`;
}

function textOf({ text }: DigestEntry): string {
  return text ?? '(This message is there as HTML only.)';
}

function htmlOf({ text = '', html }: DigestEntry): string {
  return html ?? `<pre style="white-space: pre-wrap">${escaped(text)}</pre>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => HTML_ENTITIES[char] ?? char);
}
