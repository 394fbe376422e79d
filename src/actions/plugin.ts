import type { ConformanceTarget } from './conformance-target.js';

// What is imported here is read by the compilers of others, who may not have what this project has: nothing else is.

type Members = Readonly<Record<string, unknown>>;

/**
 * An action kind that somebody else wrote: what the default export of a plug-in holds. Its package or folder is named
 * in `SIGNALMAN_PLUGINS`, and whoever names it there trusts its code. Types only, so a plug-in imports nothing of ours
 * when it runs: `import type { Plugin } from 'signalman/plugin'`.
 */
export interface Plugin<Params extends object = Members, Connection extends object = Members> {
  /** What rules name in `type` and connections in `kind`: `teams`. */
  readonly type: string;
  /** One sentence for the reference; it ends in a full stop. */
  readonly description: string;
  /**
   * JSON Schema (draft-07) of `params` as an author writes them, templates included: an object whose members are all
   * described. `"landing"` beside a string says what its values are escaped for: `slack`, `html`, `header`, `text`.
   * `to`, the name of a connection, is ours to add.
   */
  readonly params: Members;
  /**
   * JSON Schema of the connection's members. `"secret": true` beside a string, or a list of strings, lets the file
   * give it by reference only, and keeps it out of everything that is told. `kind`, `lane` and
   * `allowPrivateAddresses` are ours to add.
   */
  readonly connection: Members;
  /** True when the target recognises a repeat by the id of the effect, so that sending again adds nothing. */
  readonly repeatable: boolean;
  /** Longest time of one attempt, milliseconds: 100 to 120,000. */
  readonly timeoutMs: number;
  /** For the reference and for the conformance suite. */
  readonly examples: {
    /** What the schema of `params` accepts, perhaps with templates. */
    readonly params: Params;
    /** What the schema of `connection` accepts. No true secrets, but as long as true ones. */
    readonly connection: Connection;
    /** What the target answers when all is well; status 200 and `{}` unless given. */
    readonly answer?: { readonly status?: number; readonly body?: string };
  };
  /**
   * Sends one effect, once, and says what came of it. Throws what `tools` makes; whatever else is thrown counts as a
   * failure after which nobody knows whether the target was reached. Keeps no state and does not retry.
   */
  send(attempt: PluginAttempt<Params, Connection>, tools: PluginTools): Promise<PluginReceipt>;
}

/** One attempt at one effect. */
export interface PluginAttempt<Params extends object = Members, Connection extends object = Members> {
  /** Every template rendered; they fit the schema. */
  readonly params: Params;
  /** The connection that the rule named, its references followed. */
  readonly connection: Connection;
  readonly effect: {
    /** The same at every attempt: pass it on, so that the target can recognise a repeat. */
    readonly id: string;
    readonly ruleId: string;
    readonly eventId: string;
    /** RFC 3339 in UTC. */
    readonly decidedAt: string;
  };
  /** Aborts when the attempt's time is up. `tools.http` heeds it; so should everything else that waits. */
  readonly signal: AbortSignal;
  /** To be told what is sent and answered by other ways than `tools.http`, which tells it itself. */
  readonly trace: PluginTrace;
}

/** What became of an effect that was done. */
export interface PluginReceipt {
  /** One line: `posted (202)`. */
  readonly summary: string;
  /** Parts that the target refused while it took the rest. */
  readonly skipped?: readonly string[];
  /** The target had it so already. */
  readonly already?: true;
  /** What people who look into the ledger may need, such as the id that the target gave. */
  readonly data?: Members;
}

/** Hears what an attempt sends and what it is answered. The last of each counts. */
export interface PluginTrace {
  sent(request: {
    readonly method: string;
    readonly target: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }): void;
  answered(answer: { readonly status?: number; readonly text: string }): void;
}

/** What a plug-in works with. */
export interface PluginTools {
  readonly http: {
    /**
     * One exchange, redirects not followed. Any status is an answer; throws when there is none. Addresses that are not
     * on the public internet are refused unless the connection has `"allowPrivateAddresses": true`.
     */
    send(request: PluginRequest): Promise<PluginAnswer>;
    /**
     * What a status other than 2xx means: try again, try again at the time of its `Retry-After`, or give up; undefined
     * for 2xx.
     */
    failureOf(answer: PluginAnswer): Error | undefined;
  };
  /** Trying again cannot help. `code` is a word for metrics, `message` a sentence for people. */
  permanent(code: string, message: string): Error;
  /** Worth another try. `outcomeUnknown`: the attempt may have reached the target. */
  transient(code: string, message: string, more?: { readonly outcomeUnknown?: boolean }): Error;
  /** Worth another try at this instant, epoch milliseconds, and not before. */
  retryAt(code: string, message: string, at: number): Error;
  readonly clock: {
    /** Epoch milliseconds. */
    now(): number;
  };
  readonly log: {
    info(message: string): void;
    warn(message: string): void;
  };
}

export interface PluginRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface PluginAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The first 1 MiB. */
  readonly body: string;
  /** False when the body was longer, or the connection was lost inside it. */
  readonly complete: boolean;
}

/** A target that the author of a plug-in brings for the conformance suite. */
export interface PluginTarget extends ConformanceTarget<Members> {
  close(): Promise<void>;
}

/** What the module exports by default that `signalman plugin check --target` names. */
export type StartPluginTarget = (plugin: Plugin) => Promise<PluginTarget>;
