import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../contracts/clock.js';
import type { AdobeSource } from '../contracts/connections.js';
import { isJsonObject, type JsonObject } from '../contracts/json.js';
import { ImsAccess, type ImsClient } from './adobe/ims-access.js';
import { JournalBook, type JournalEntry } from './adobe/journal-book.js';
import { durationMs, onePage } from './adobe/journal-query.js';
import { type HttpAnswer, type HttpRequest, json, text } from './http/http-answer.js';
import { HttpStandIn } from './http/http-stand-in.js';

const REGISTRATION = '3f0a6c1e-52d7-4b8e-9a41-7c2d8e5f6b90';
const JOURNAL = `/organizations/77001/integrations/88002/${REGISTRATION}`;
const PATHS = {
  token: '/ims/token/v3',
  journal: `/events${JOURNAL}`,
  /** Where the links of a page lead: another path than the one that was asked first, on the same host. */
  next: `/events-fast${JOURNAL}`,
  registration: `/events/77001/4566206088344000000/4566206088345000000/registrations/${REGISTRATION}`,
  validation: '/csm/registrations/validate',
  /** Not Adobe's: how another process on this machine puts events into the journal. */
  append: '/sandbox/journal',
} as const;

/** What Adobe keeps for a registration, on loopback: its token service, its journal, its state, its validation. */
export class AdobeJournal extends HttpStandIn {
  readonly access: ImsAccess;
  /** Events of a page at most. */
  pageSize = 100;
  /** Seconds that a 204 says to wait; undefined for one that says nothing, as that of an empty journal. */
  retryAfter: number | undefined = 1;
  /** What the registration's state is said to be. */
  registration = { enabled: true, webhook_status: 'verified' };
  private readonly book: JournalBook;
  private readonly validations = new Map<string, { readonly challenge: string; confirmed: boolean }>();

  constructor(
    private readonly client: ImsClient,
    private readonly clock: Clock = systemClock,
  ) {
    super();
    this.access = new ImsAccess(client, clock);
    this.book = new JournalBook(clock);
  }

  /** Puts events into the journal: as Adobe does with all that a registration subscribes to, delivered or not. */
  append(events: readonly JsonObject[]): void {
    this.book.append(events);
  }

  /** What a connection needs to read this journal. */
  source(): Pick<AdobeSource, 'validationOrigin' | 'ims' | 'journal' | 'registrationUrl'> {
    const { orgId, clientSecret, scope } = this.client;
    return {
      validationOrigin: this.origin,
      ims: { orgId, clientSecret, scope, tokenUrl: this.origin + PATHS.token },
      journal: { url: this.origin + PATHS.journal, startAt: 'oldest' },
      registrationUrl: this.origin + PATHS.registration,
    };
  }

  /** The URL for another process to put events into the journal, with the headers that it takes. */
  static appendTo(origin: string, clientId: string): { url: string; headers: Record<string, string> } {
    const headers = { 'content-type': 'application/json', 'x-api-key': clientId };
    return { url: origin + PATHS.append, headers };
  }

  /** The URL that Adobe asks to be opened within five minutes, and whether it was. */
  askForValidation(): { readonly url: string; readonly confirmed: () => boolean } {
    const [id, challenge] = [randomUUID(), randomUUID()];
    const validation = { challenge, confirmed: false };
    this.validations.set(id, validation);
    const url = `${this.origin}${PATHS.validation}?id=${id}&challenge=${challenge}`;
    return { url, confirmed: () => validation.confirmed };
  }

  override clear(): void {
    super.clear();
    this.book.clear();
  }

  protected answer(request: HttpRequest): HttpAnswer {
    const { method, url } = request;
    if (method === 'POST' && url.pathname === PATHS.token) return this.access.issue(request);
    if (method === 'POST' && url.pathname === PATHS.append) return this.take(request);
    if (method !== 'GET') return text(405, 'Method Not Allowed');
    if (url.pathname === PATHS.validation) return this.validate(url.searchParams);
    const asked = [PATHS.journal, PATHS.next, PATHS.registration].find((path) => path === url.pathname);
    if (asked === undefined) return text(404, 'Not Found');
    const refusal = this.access.refusal(request);
    if (refusal !== undefined) return refusal;
    if (asked === PATHS.registration) return json(200, { id: REGISTRATION, ...this.registration });
    return this.read(url.searchParams);
  }

  /** Only for who knows the client, and not for a web page: none may send JSON here without asking first. */
  private take({ headers, body }: HttpRequest): HttpAnswer {
    if (headers['content-type'] !== 'application/json') return text(415, 'Unsupported Media Type');
    if (headers['x-api-key'] !== this.client.clientId) return text(403, 'Forbidden');
    const value: unknown = JSON.parse(body.toString());
    const events = (Array.isArray(value) ? value : [value]).filter(isJsonObject);
    this.append(events);
    return json(200, { appended: events.length });
  }

  private validate(query: URLSearchParams): HttpAnswer {
    const validation = this.validations.get(query.get('id') ?? '');
    if (validation === undefined || validation.challenge !== query.get('challenge'))
      return text(400, 'Bad Request');
    validation.confirmed = true;
    return text(200, 'OK');
  }

  private read(query: URLSearchParams): HttpAnswer {
    const since = query.get('since');
    const seek = query.get('seek');
    if (since !== null && seek !== null) return text(400, 'since and seek exclude each other');
    if (seek !== null) {
      const back = durationMs(seek);
      if (back === undefined) return text(400, 'seek is no duration');
      return this.page(this.book.since(this.clock.now() - back), query);
    }
    if (query.get('latest') === 'true') return this.page(this.book.all().slice(-1), query);
    if (since === null) return this.page(this.book.all(), query);
    const entries = since === START ? this.book.all() : this.book.after(since);
    if (entries === undefined) return text(410, `Events at position ${since} have expired.`);
    return this.page(entries, query, since);
  }

  private page(entries: readonly JournalEntry[], query: URLSearchParams, since?: string): HttpAnswer {
    const limit = query.get('limit');
    const shown = onePage(entries.slice(0, limit === null ? this.pageSize : Number(limit)));
    const last = shown.at(-1)?.position;
    const more = limit === null ? '' : `&limit=${limit}`;
    const at = last ?? since ?? this.book.all().at(-1)?.position ?? START;
    const next = `<${PATHS.next}?since=${at}${more}>; rel="next"`;
    if (last !== undefined) {
      return json(200, { events: shown, _page: { last, count: shown.length } }, { link: next });
    }
    const validate = `<${PATHS.next}/validate?since=${at}>; rel="validate"`;
    const silent = this.retryAfter === undefined || this.book.all().length === 0;
    const wait = silent ? {} : { 'retry-after': String(this.retryAfter) };
    return { status: 204, headers: { link: `${next}, ${validate}`, ...wait } };
  }
}

/** The position before the first event. */
const START = 'start:0:0';
