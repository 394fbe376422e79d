import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { RawBatch } from '../../contracts/batch.js';
import type { WebhookSource } from '../../contracts/connections.js';
import { readBatch } from '../read-batch.js';
import { BatchWriter } from './batch-writer.js';
import { CredentialCheck } from './credential-check.js';
import { badRequest, DoorError } from './door-error.js';
import { toCloudEvent } from './event-mapping.js';
import { anyBody } from './request-body.js';
import { secretIn, verificationProblem } from './webhook-verify.js';

/** What stands between another vendor's webhook and the events queue. */
@Injectable()
export class WebhookDoor {
  constructor(
    private readonly writer: BatchWriter,
    private readonly credentials: CredentialCheck,
  ) {}

  /** Resolves when the event is durable; throws the answer to give otherwise. Nothing is parsed before it is proved. */
  async take(name: string, source: WebhookSource, request: FastifyRequest): Promise<void> {
    const body = anyBody(request);
    const problem = await this.problem(name, source, request, body);
    if (problem !== undefined)
      throw new DoorError(
        401,
        'invalid_signature',
        `The delivery does not prove that it comes from this source: ${problem}.`,
      );
    const event = toCloudEvent(name, source, request.headers, body);
    refuseUnreadable(name, source, event);
    await this.writer.write(name, 'webhook', event);
  }

  /** Only a secret that comes as it is can be guessed; a signature is as good as its key. */
  private async problem(
    name: string,
    { insecure, verify }: WebhookSource,
    request: FastifyRequest,
    body: Buffer,
  ): Promise<string | undefined> {
    if (insecure === true) return undefined;
    if (verify === undefined) return 'the source does not say how';
    const { headers } = request;
    const problem = verificationProblem(verify, { headers, body }, Date.now());
    const secret = verify.scheme === 'shared-secret' ? secretIn(headers, verify) : undefined;
    if (secret === undefined) return problem;
    const good = await this.credentials.check(name, request, secret, () =>
      problem === undefined ? true : undefined,
    );
    return good === undefined ? problem : undefined;
  }
}

/** Whoever wrote the mapping learns at once that no event comes of it. */
function refuseUnreadable(source: string, connection: WebhookSource, event: Buffer): void {
  const batch: RawBatch = {
    source,
    kind: 'webhook',
    route: 'webhook',
    mode: 'live',
    receivedAt: new Date(0).toISOString(),
    bodies: [event],
  };
  const [refused] = readBatch(batch, connection).unreadable;
  if (refused !== undefined) throw badRequest('invalid_event', refused.reason);
}
