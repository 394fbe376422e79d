import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { includes } from '../access/key.js';
import { ApiError } from './api-error.js';
import { type AdmittedRequest, Callers } from './callers.js';
import { isFromThisMachine } from './local-request.js';
import { NEEDS, type Needs } from './needs.js';

/** Lets in who has a key for the route. `@Requires` puts it there. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: Callers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const needs = this.reflector.getAllAndOverride<Needs>(NEEDS, [context.getHandler(), context.getClass()]);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (needs.orLocal && isFromThisMachine(request)) return true;
    const caller = await this.callers.identify(request);
    if (!includes(caller.role, needs.role)) {
      this.callers.refused('forbidden', request);
      throw new ApiError(
        403,
        'forbidden',
        `This needs a key with the role ${needs.role}; yours has the role ${caller.role}.`,
      );
    }
    (request as AdmittedRequest).caller = caller;
    return true;
  }
}
