import type { DoorKind } from '../../contracts/batch.js';
import type { SourceConnection } from '../../contracts/connections.js';
import { AdobeSender, type SenderAnswer } from '../../sandbox/adobe-sender.js';
import type { SandboxFile } from '../../sandbox/sandbox-file.js';

/** Posts a delivery with what its real sender would show. Rejects when nobody answers. */
export async function postAsSender(
  url: string,
  body: unknown,
  source: SourceConnection,
  sandbox: SandboxFile,
): Promise<SenderAnswer> {
  if (source.kind === 'adobe') {
    const sender = new AdobeSender(sandbox.adobe);
    try {
      return await sender.send(url, JSON.stringify(body));
    } finally {
      await sender.close();
    }
  }
  const secret = secretOf(source);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': contentType(source.kind, body), authorization: `Bearer ${secret}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

function secretOf(source: Exclude<SourceConnection, { kind: 'adobe' }>): string {
  if (source.kind === 'marketo') return source.token ?? '';
  return source.kind === 'events' ? (source.apiKey ?? '') : '';
}

function contentType(kind: DoorKind, body: unknown): string {
  if (kind === 'marketo') return 'application/json';
  return Array.isArray(body) ? 'application/cloudevents-batch+json' : 'application/cloudevents+json';
}
