import type { Connections } from '../contracts/connections.js';

/** What turns each kind into one that asks who is there. */
const REMEDY = { marketo: 'token or oauth', events: 'apiKey', webhook: 'verify' } as const;

/** One sentence for each source that takes anybody's deliveries, for the log at start. */
export function insecureSources({ sources }: Connections): string[] {
  return Object.entries(sources).flatMap(([name, source]) =>
    source.kind === 'adobe' || source.insecure !== true
      ? []
      : [
          `Source ${name} is insecure: whoever reaches /ingest/${source.kind}/${name} can make rules act. ` +
            `Give it ${REMEDY[source.kind]}, or let nobody else reach it.`,
        ],
  );
}
