import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { type Observable, throwError, timeout } from 'rxjs';
import { transient } from '../contracts/failure.js';

const WAIT_MS = 10_000;

/** Some of what the API asks waits for Redis as long as it is away; nobody who asks the API does. */
export class AnswerInTime implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const late = (): Observable<never> =>
      throwError(() =>
        transient(
          'api.late',
          `There is no answer within ${WAIT_MS / 1_000} s; it may be done later all the same.`,
        ),
      );
    return next.handle().pipe(timeout({ each: WAIT_MS, with: late }));
  }
}
