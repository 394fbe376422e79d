import { type ArgumentsHost, Catch, HttpException, Logger } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DoorError } from './door-error.js';
import { SeldomLog } from '../../observability/seldom-log.js';

const CODES: Readonly<Record<number, string>> = {
  404: 'not_found',
  413: 'body_too_large',
  415: 'unsupported_media_type',
};

/** Gives every error under `/ingest/` one form, also those that Fastify finds before a controller runs. */
@Catch()
export class DoorErrorFilter extends BaseExceptionFilter {
  private readonly logger = new Logger('Door');
  private readonly seldom = new SeldomLog(this.logger);

  override catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (!request.url.startsWith('/ingest/')) {
      super.catch(exception, host);
      return;
    }
    const reply = http.getResponse<FastifyReply>();
    if (exception instanceof DoorError) {
      this.tellRefusal(request, exception);
      void reply.status(exception.getStatus()).headers(exception.headers).send(exception.getResponse());
      return;
    }
    const status = statusOf(exception);
    if (status >= 500) this.logger.error(exception instanceof Error ? exception.stack : String(exception));
    const message =
      status >= 500 ? 'Something went wrong here; send it again.' : (exception as Error).message;
    void reply
      .status(status)
      .send({ error: CODES[status] ?? (status >= 500 ? 'internal' : 'bad_request'), message });
  }

  /** A wrong secret refuses every delivery of a source, and Marketo may not come again with them. */
  private tellRefusal({ params }: FastifyRequest, error: DoorError): void {
    // A wrong recipient is told where it is found.
    if (error.code !== 'unauthorized' && error.code !== 'invalid_signature') return;
    const { source = '' } = (params ?? {}) as { readonly source?: string };
    this.seldom.warn(
      `${source} ${error.code}`,
      `Source ${JSON.stringify(source)} refuses deliveries with ${error.getStatus()}: ${error.message} If they come from your own sender, compare its secret with the connections file.`,
    );
  }
}

/** Fastify's own errors carry `statusCode`; whatever is unexpected is ours, and senders repeat after a 500. */
function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  const status: unknown =
    exception instanceof Error && 'statusCode' in exception ? exception.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
