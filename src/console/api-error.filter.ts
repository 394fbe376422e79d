import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Failure } from '../contracts/failure.js';
import { ApiError } from './api-error.js';

/** Seconds after which to come again when the reason is on our side. */
const RETRY_AFTER_S = 5;
const STATUS: Readonly<Record<string, number>> = {
  'held.none': 404,
  'key.unknown': 404,
  'key.last_admin': 409,
  'lane.unknown': 404,
  'silence.unknown': 404,
  'silence.over': 409,
  'silence.too_many': 409,
};

/** Gives every error of the API one form. What was not expected is told in the log alone. */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Api');

  catch(exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (exception instanceof Failure) answer(reply, fromFailure(exception));
    else if (exception instanceof ApiError) answer(reply, exception);
    else if (exception instanceof HttpException)
      void reply.status(exception.getStatus()).send(exception.getResponse());
    else {
      this.logger.error(exception instanceof Error ? exception.stack : String(exception));
      answer(reply, new ApiError(500, 'internal', 'Something went wrong here.'));
    }
  }
}

function answer(reply: FastifyReply, error: ApiError): void {
  void reply.status(error.getStatus()).headers(error.headers).send(error.getResponse());
}

function fromFailure({ code, message, retry }: Failure): ApiError {
  if (retry.kind === 'never') return new ApiError(STATUS[code] ?? 400, code, message);
  return new ApiError(503, code, message, { 'retry-after': String(RETRY_AFTER_S) });
}
