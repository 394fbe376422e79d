import { permanent, transient } from '../../contracts/failure.js';
import type { SourceConnection } from '../../contracts/connections.js';
import { AdobeJournal } from '../../sandbox/adobe-journal.js';

/**
 * Puts a delivery into the sandbox's journal, as Adobe does with everything that it delivers. Throws a `Failure` when
 * the source has none, or when it cannot be reached.
 */
export async function sendToJournal(name: string, source: SourceConnection, body: unknown): Promise<void> {
  if (source.kind !== 'adobe' || source.journal === undefined)
    throw permanent('send.no_journal', `Source ${name} has no journal: only those of Adobe have one.`);
  const { url, headers } = AdobeJournal.appendTo(new URL(source.journal.url).origin, source.clientId);
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }).catch(
    (cause: unknown) => {
      throw transient('send.no-answer', "The sandbox's journal does not answer. Is the app running?", {
        cause,
      });
    },
  );
  if (!answer.ok) throw permanent('send.journal', `The sandbox's journal answered ${answer.status}.`);
}
