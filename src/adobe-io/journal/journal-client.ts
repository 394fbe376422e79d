import { Inject, Injectable } from '@nestjs/common';
import type { AdobeJournal } from '../../contracts/connections.js';
import { transient } from '../../contracts/failure.js';
import { retryAfterMs } from '../../contracts/retry-after.js';
import type { Answer } from '../http/adobe-http.js';
import { failureOfStatus } from '../http/failure-of-status.js';
import type { AdobeAccount } from '../ims/adobe-account.js';
import { AdobeApi } from '../ims/adobe-api.js';
import { PACE, type Pace } from '../pace.js';
import { type JournalPlace, nextPlace, oldestPlace, urlOf } from './journal-links.js';
import { type JournalPage, readPage } from './journal-page.js';

const SERVICE = "Adobe's journal";
const TIMEOUT_MS = 15_000;
/** Adobe caps a page at 1.5 MB. */
const MAX_BYTES = 4 * 1024 * 1024;
/** What Adobe's own clients wait when an answer does not say. */
const WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 600_000;

/** A journal and who may read it. */
export interface ReadableJournal {
  readonly account: AdobeAccount;
  readonly journal: AdobeJournal;
}

export type JournalAnswer =
  | { readonly kind: 'page'; readonly page: JournalPage; readonly next: JournalPlace }
  /** There is nothing new yet. */
  | { readonly kind: 'nothing'; readonly next: JournalPlace; readonly waitMs: number }
  /** What stood there is older than Adobe keeps. */
  | { readonly kind: 'expired'; readonly reason: string };

/** Reads Adobe's journals, a page at a time. */
@Injectable()
export class JournalClient {
  constructor(
    private readonly api: AdobeApi,
    @Inject(PACE) private readonly pace: Pace,
  ) {}

  /** Throws a `Failure` for every answer that is none of the three. */
  async read({ account, journal }: ReadableJournal, place: JournalPlace): Promise<JournalAnswer> {
    const url = urlOf(journal, place);
    const wanted = { service: SERVICE, url, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
    const answer = await this.api.get(account, wanted);
    switch (answer.status) {
      case 200:
        return pageOf(answer, journal, place);
      case 204:
        return {
          kind: 'nothing',
          next: nextPlace(journal, answer.headers['link']) ?? place,
          waitMs: this.wait(answer),
        };
      case 410:
        // Whoever begins anew there would ask for ever without a pause.
        if (place === oldestPlace(journal))
          throw transient('adobe.all_expired', `${SERVICE} has expired from its very beginning.`);
        return { kind: 'expired', reason: answer.body.toString('utf8').trim().slice(0, 500) };
      default:
        throw failureOfStatus(SERVICE, answer, this.pace.now());
    }
  }

  private wait({ headers }: Answer): number {
    const told = retryAfterMs(headers['retry-after'], this.pace.now()) ?? WAIT_MS;
    return Math.min(Math.max(told, 0), LONGEST_WAIT_MS);
  }
}

function pageOf({ body, headers }: Answer, journal: AdobeJournal, place: JournalPlace): JournalAnswer {
  const page = readPage(body);
  if (page === undefined) throw transient('adobe.unreadable', `${SERVICE} answered with what is no page.`);
  const next = nextPlace(journal, headers['link']);
  if (next === undefined)
    throw transient('adobe.no_next', `${SERVICE} did not say where it goes on, or named another host.`);
  if (next === place)
    throw transient('adobe.no_next', `${SERVICE} leads back to the page that was just read.`);
  return { kind: 'page', page, next };
}
