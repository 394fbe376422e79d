/** A request as people may see it: no secret is in it. */
export interface SentRequest {
  /** `POST`; `SMTP` for a mail. */
  readonly method: string;
  /** The URL without what is secret in it; for a mail the server. */
  readonly target: string;
  /** Without those that authorise or sign. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The first 16 kB. */
  readonly body?: string;
  /** How many effects went in this one request, where it was more than one; `body` shows the part of this one. */
  readonly together?: number;
}

/** What came back. */
export interface GivenAnswer {
  readonly status?: number;
  /** The first 2 kB. */
  readonly text: string;
}

/** Hears what an attempt sends and what it is answered. The last of each counts. */
export interface Trace {
  sent(request: SentRequest): void;
  answered(answer: GivenAnswer): void;
}

/** One attempt at an effect, as the ledger keeps it. */
export interface AttemptRecord {
  /** When it began, RFC 3339 in UTC. */
  readonly at: string;
  /** How long it took, milliseconds. */
  readonly ms: number;
  /** How it ended; `interrupted`: nobody knows, since its worker stopped. */
  readonly outcome: 'done' | 'skipped' | 'failed' | 'uncertain' | 'interrupted';
  /** `code: sentence` of its failure, or what the target said. */
  readonly reason: string;
  readonly request?: SentRequest;
  readonly answer?: GivenAnswer;
}
