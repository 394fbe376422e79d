import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Trace } from '../../contracts/attempt.js';
import type { Clock } from '../../contracts/clock.js';
import type { PluginDestination } from '../../contracts/connections.js';
import { cut } from '../../contracts/cut.js';
import type { Receipt } from '../../contracts/effect.js';
import { errorDetails } from '../../contracts/error-details.js';
import { Failure, permanent, transient } from '../../contracts/failure.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import type { HttpClient } from '../../http/http-client.js';
import { shownHeaders, shownText } from '../../http/shown-exchange.js';
import type { Action, Attempt } from '../action.js';
import { hideSecrets } from '../common/hide-secrets.js';
import type { Plugin } from '../plugin.js';
import { toolsFor } from './plugin-tools.js';
import { fitsParams } from './plugin-words.js';

const LONGEST_TEXT = 1_000;
/** Time for a plug-in that heeds its signal to say how far it came. */
const GRACE_MS = 250;

type Hide = (text: string) => string;

/** Sends by a plug-in, whose code is bounded: in what it is told, in time, and in what it can let slip. */
export class PluginAction implements Action<PluginDestination> {
  readonly type: string;
  readonly repeatable: boolean;
  readonly timeoutMs: number;
  private readonly fits;

  constructor(
    private readonly plugin: Plugin,
    private readonly http: HttpClient,
    private readonly clock: Clock,
  ) {
    this.type = plugin.type;
    this.repeatable = plugin.repeatable;
    this.timeoutMs = plugin.timeoutMs;
    this.fits = fitsParams(plugin);
  }

  async send(attempt: Attempt<PluginDestination>): Promise<Receipt> {
    const { effect, destination, signal } = attempt;
    const params = Object.fromEntries(Object.entries(effect.params).filter(([name]) => name !== 'to'));
    const misfit = this.fits(params);
    if (misfit !== undefined)
      throw permanent('params.invalid', `params of ${this.type} are not usable: ${misfit}`);
    if (signal.aborted)
      throw transient('plugin.timeout', `The time of ${this.type} was up before it was sent`);
    const hide = hideSecrets(Object.values(destination.secrets).flat());
    try {
      return receiptOf(await inTime(this.byPlugin(attempt, params, hide), signal), hide);
    } catch (error) {
      throw this.failureOf(error, hide);
    }
  }

  /** Asynchronous, so that what the plug-in throws at once is a rejection too. */
  private async byPlugin(
    { effect, destination, signal, trace }: Attempt<PluginDestination>,
    params: JsonObject,
    hide: Hide,
  ): Promise<unknown> {
    const { http, clock, timeoutMs } = this;
    const { id, ruleId, eventId, decidedAt, to } = effect;
    const service = `The ${this.type} connection "${to}"`;
    const tools = toolsFor({ http, clock, service, to, destination, signal, timeoutMs, trace, hide });
    return await this.plugin.send(
      {
        params,
        connection: { ...destination.settings, ...destination.secrets },
        effect: { id, ruleId, eventId, decidedAt },
        signal,
        trace: quietTrace(trace, hide),
      },
      tools,
    );
  }

  /** Without its cause, which may quote anything. */
  private failureOf(error: unknown, hide: Hide): Failure {
    if (!(error instanceof Failure)) {
      const what = error instanceof TimeUp ? 'timeout' : 'defect';
      const message = `The plug-in for ${this.type} failed: ${hide(errorDetails(error).message)}`;
      // Like every destination that is too slow; a defect may be about this effect alone.
      const fault = what === 'timeout' ? ({ destination: 'down' } as const) : {};
      return transient(`plugin.${what}`, shortened(message), { outcomeUnknown: true, ...fault });
    }
    const { code, retry, outcomeUnknown, postponed, destination, tries } = error;
    return new Failure(shortened(hide(error.message)), {
      code,
      retry,
      outcomeUnknown,
      postponed,
      ...(destination === undefined ? {} : { destination }),
      ...(tries === undefined ? {} : { tries }),
    });
  }
}

class TimeUp extends Error {
  override readonly message = 'it did not end in time';
}

/** A plug-in that does not heed its signal goes on alone, and nobody waits for it. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const over = new AbortController();
  const timeUp = once(signal, 'abort', over).then(async () => {
    await delay(GRACE_MS, undefined, over);
    throw new TimeUp();
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    timeUp.catch(() => undefined);
    over.abort();
  }
}

/** What was sent is done, whatever the plug-in says of it. */
function receiptOf(told: unknown, hide: Hide): Receipt {
  const { summary, skipped, already, data } = isJsonObject(told) ? told : {};
  return {
    summary: typeof summary === 'string' ? shortened(hide(summary)) : 'done',
    ...(Array.isArray(skipped) ? { skipped: skipped.map((part) => shortened(hide(String(part)))) } : {}),
    ...(already === true ? { already } : {}),
    ...(isJsonObject(data) ? { data: hiddenJson(data, hide) } : {}),
  };
}

/** A credential that is encoded would not be recognised, so no header that holds one is told. */
function quietTrace(trace: Trace, hide: Hide): Trace {
  return {
    sent: (request) => {
      const { headers, ...others } = hiddenJson(request, hide);
      trace.sent({ ...others, ...(headers === undefined ? {} : { headers: shownHeaders(headers) }) });
    },
    answered: (answer) => {
      const { text, ...others } = hiddenJson(answer, hide);
      trace.answered({ ...others, text: shownText(text) });
    },
  };
}

/** What cannot be written as JSON cannot be kept either. */
function hiddenJson<T extends object>(value: T, hide: Hide): T {
  return JSON.parse(
    JSON.stringify(value, (_name, text: unknown) => (typeof text === 'string' ? hide(text) : text)),
  ) as T;
}

function shortened(text: string): string {
  return cut(text.replaceAll(/\s+/g, ' '), LONGEST_TEXT);
}
