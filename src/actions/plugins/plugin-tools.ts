import { Logger } from '@nestjs/common';
import type { Trace } from '../../contracts/attempt.js';
import type { Clock } from '../../contracts/clock.js';
import type { PluginDestination } from '../../contracts/connections.js';
import { permanent, retryAt, transient } from '../../contracts/failure.js';
import type { HttpClient } from '../../http/http-client.js';
import { failureOfStatus } from '../../http/http-failure.js';
import { shownAnswer, shownRequest } from '../../http/shown-exchange.js';
import type { PluginAnswer, PluginRequest, PluginTools } from '../plugin.js';

/** What the tools of one attempt work with. */
export interface ToolsFor {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Whom failures speak of: `The teams connection "sales"`. */
  readonly service: string;
  /** Name of the connection. */
  readonly to: string;
  readonly destination: PluginDestination;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly trace: Trace;
  /** Masks what is secret of the connection. */
  readonly hide: (text: string) => string;
}

/** The tools of a plug-in for one attempt. Nothing that they tell has a secret of the connection in it. */
export function toolsFor(about: ToolsFor): PluginTools {
  const { clock, service, destination, hide } = about;
  const logger = new Logger(`Plug-in ${destination.kind}`);
  return {
    http: {
      send: (request) => exchange(request, about),
      failureOf: (answer) => failureOfStatus(service, answer, clock.now()),
    },
    permanent: (code, message) => permanent(code, message),
    transient,
    retryAt,
    clock,
    log: {
      info: (message) => {
        logger.log(hide(message));
      },
      warn: (message) => {
        logger.warn(hide(message));
      },
    },
  };
}

async function exchange(
  { method, url, headers = {}, body }: PluginRequest,
  { http, service, to, destination, signal, timeoutMs, trace, hide }: ToolsFor,
): Promise<PluginAnswer> {
  const request = { method, url, headers, ...(body === undefined ? {} : { body }) };
  // Masked before it is cut to length, which could leave the half of a secret that nobody recognises.
  trace.sent(
    shownRequest({
      method,
      url: hide(url),
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, hide(value)])),
      ...(body === undefined ? {} : { body: hide(body) }),
    }),
  );
  const answer = await http.send({
    ...request,
    service,
    signal,
    timeoutMs,
    ...(destination.allowPrivateAddresses ? {} : { publicOnly: { connection: to } }),
  });
  trace.answered(shownAnswer({ status: answer.status, body: hide(answer.body) }));
  return answer;
}
