import type { HttpAnswer, HttpRequest } from '../http/http-answer.js';
import { HttpStandIn } from '../http/http-stand-in.js';
import { mailText } from '../mail/mail-text.js';
import type { SandboxParts } from '../sandbox-parts.js';

/** One thing that came out of the app. */
interface Row {
  readonly at: string;
  readonly where: string;
  readonly what: string;
}

const NEWEST = 200;

/** A page for people: what the stand-ins received, newest first. Everything on it is shown as text. */
export class Overview extends HttpStandIn {
  constructor(private readonly parts: Omit<SandboxParts, 'adobeKeys' | 'adobeJournal'>) {
    super();
  }

  protected answer({ method, url }: HttpRequest): HttpAnswer {
    if (method !== 'GET' || url.pathname !== '/') return { status: 404, body: 'Not Found' };
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'cache-control': 'no-store',
    };
    return { status: 200, headers, body: page(this.rows()) };
  }

  private rows(): Row[] {
    const { slack, mail, receiver, marketo } = this.parts;
    const rows = [
      ...slack.messages.all().map(({ receivedAt, channel, text, blocks }) => ({
        at: receivedAt,
        where: `Slack ${channel}`,
        what: text ?? JSON.stringify(blocks),
      })),
      ...mail.messages.all().map((message) => ({
        at: message.receivedAt,
        where: `Mail to ${message.to.join(', ')}`,
        what: `${message.subject}\n\n${mailText(message)}`,
      })),
      ...receiver.all().map(({ receivedAt, body }) => ({
        at: receivedAt,
        where: 'Webhook receiver',
        what: body,
      })),
      ...marketo.calls.all().map(({ receivedAt, operationId, parameters, body }) => ({
        at: receivedAt,
        where: `Marketo ${operationId}`,
        what: JSON.stringify({ ...parameters, ...(body === undefined ? {} : { body }) }),
      })),
    ];
    return rows
      .sort((a, b) => a.at.localeCompare(b.at))
      .slice(-NEWEST)
      .reverse();
  }
}

function page(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ at, where, what }) =>
      `<tr><td>${escape(at)}</td><td>${escape(where)}</td><td><pre>${escape(what)}</pre></td></tr>`,
  );
  const body = rows.length === 0 ? '<p>Nothing yet.</p>' : `<table>${HEAD}${lines.join('\n')}</table>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<title>Signalman sandbox</title><style>${STYLE}</style>
<h1>What the sandbox received</h1><p>Nothing here has left this machine.</p>${body}</html>\n`;
}

const HEAD = '<tr><th scope="col">When</th><th scope="col">Where</th><th scope="col">What</th></tr>\n';
const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui;margin:2rem}td,th{text-align:left;
vertical-align:top;padding:.3rem 1rem .3rem 0}pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
