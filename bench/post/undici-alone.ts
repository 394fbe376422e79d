import { Agent, request } from 'undici';
import { signatureHeaders } from '../../src/actions/webhook/sign.js';
import { paced, quantiles } from '../pace.js';
import { webhooks } from './effects.js';
import type { Asked, Told } from './undici.js';

/** The requests of the same effects, sent by undici and nothing else. */
interface Sending {
  readonly url: string;
  readonly id: string;
  readonly body: string;
}

const CONNECTIONS = 64;
const dispatcher = new Agent({ connections: CONNECTIONS });

async function send({ url, id, body }: Sending, secret: string | undefined): Promise<void> {
  const signature = secret === undefined ? {} : signatureHeaders([secret], id, Date.now(), body);
  const headers = { 'content-type': 'application/json', ...signature };
  const answer = await request(url, { method: 'POST', headers, body, dispatcher });
  await answer.body.text();
}

async function measure({ run, count, urls, inFlight, secret, perSecond }: Asked): Promise<Told> {
  const sendings = webhooks({ run, count, to: urls }).map(({ id, to, params }) => ({
    url: to,
    id,
    body: JSON.stringify(params['body']),
  }));
  const times: number[] = [];
  const started = performance.now();
  const before = process.cpuUsage();
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / count;
  };
  if (perSecond !== undefined) {
    await paced(sendings, perSecond, async (sending, due) => {
      await send(sending, secret);
      times.push(performance.now() - due);
    });
    return { perSecond, cpuMs: cpuMs(), latencyMs: quantiles(times) };
  }
  const queue = sendings.values();
  const lane = async (): Promise<void> => {
    for (const sending of queue) await send(sending, secret);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return { perSecond: (count * 1000) / (performance.now() - started), cpuMs: cpuMs() };
}

process.on('message', (asked: Asked) => {
  void measure(asked).then((told) => process.send?.(told));
});
