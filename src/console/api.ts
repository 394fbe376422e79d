import { applyDecorators, Controller, UseFilters, UseInterceptors } from '@nestjs/common';
import { AnswerInTime } from './answer-in-time.interceptor.js';
import { ApiErrorFilter } from './api-error.filter.js';

/** A controller of the HTTP API, under `/api/v1/<path>`. Every one of its routes says whom it is for: `@Requires`. */
export function Api(path: string): ClassDecorator {
  return applyDecorators(
    Controller(`api/v1/${path}`),
    UseFilters(ApiErrorFilter),
    UseInterceptors(AnswerInTime),
  );
}
