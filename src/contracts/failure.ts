/** What may be done about a failure. Only queues/ turns this into BullMQ's terms. */
export type Retry =
  | { readonly kind: 'never' }
  | { readonly kind: 'backoff' }
  /** Not before this instant, epoch milliseconds; does not count as one of the attempts. */
  | { readonly kind: 'at'; readonly at: number }
  /** Nor may anything else go to this destination before then. */
  | { readonly kind: 'lane'; readonly at: number };

/**
 * What a failure says of its destination. `down`: it cannot be reached, does not answer, or refuses all that we send,
 * for example our credentials. `gone`: it asked never to be sent anything again.
 */
export type DestinationFault = 'down' | 'gone';

export interface FailureDetails {
  /** Stable, for people and metrics: `slack.channel_not_found`, `marketo.606`, `http.503`. */
  readonly code: string;
  readonly retry: Retry;
  /** True when the attempt may have reached the target all the same (time-out, lost connection). */
  readonly outcomeUnknown?: boolean;
  /** True when nothing was attempted: it was only not the time. */
  readonly postponed?: boolean;
  /** Undefined when it is about this effect alone. */
  readonly destination?: DestinationFault;
  /** How many tries it deserves in all, where that is fewer than usual. */
  readonly tries?: number;
  readonly cause?: unknown;
}

/** An expected failure: of a destination, of a payload, of a configuration. Anything else thrown is a defect. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  readonly retry: Retry;
  readonly outcomeUnknown: boolean;
  readonly postponed: boolean;
  readonly destination: DestinationFault | undefined;
  readonly tries: number | undefined;

  constructor(message: string, details: FailureDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.retry = details.retry;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
    this.postponed = details.postponed ?? false;
    this.destination = details.destination;
    this.tries = details.tries;
  }

  /** The same failure but for what is given, and because of this one. */
  but(changes: Partial<Pick<FailureDetails, 'code' | 'retry'>> & { readonly message?: string }): Failure {
    const { message = this.message, code = this.code, retry = this.retry } = changes;
    const { outcomeUnknown, postponed, destination, tries } = this;
    return new Failure(message, {
      ...{ code, retry, outcomeUnknown, postponed, cause: this },
      ...(destination === undefined ? {} : { destination }),
      ...(tries === undefined ? {} : { tries }),
    });
  }

  /** True when nothing is tried after it and its job becomes a dead letter. `lastAttempt`: no try is left. */
  isFinal(lastAttempt: boolean): boolean {
    return this.retry.kind === 'never' || (this.retry.kind === 'backoff' && lastAttempt);
  }
}

/** Trying again cannot help: wrong credentials, refused content. */
export function permanent(code: string, message: string, cause?: unknown): Failure {
  return new Failure(message, { code, retry: { kind: 'never' }, cause });
}

/** Worth another try after the usual pause. `outcomeUnknown` when the attempt may have got through. */
export function transient(
  code: string,
  message: string,
  more: Pick<FailureDetails, 'outcomeUnknown' | 'destination' | 'cause'> = {},
): Failure {
  return new Failure(message, { code, retry: { kind: 'backoff' }, ...more });
}

/** The target named a time: try then, not before. `at` is epoch milliseconds. */
export function retryAt(code: string, message: string, at: number): Failure {
  return new Failure(message, { code, retry: { kind: 'at', at } });
}

/** Nothing was attempted, since something of ours is in the way. `at` is epoch milliseconds. */
export function postponed(code: string, message: string, at: number): Failure {
  return new Failure(message, { code, retry: { kind: 'at', at }, postponed: true });
}
