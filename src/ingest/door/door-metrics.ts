import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Metrics } from '../../observability/metrics.js';
import { Sources } from './sources.js';

/** Counts every answer of the door, those that Fastify gives on its own among them. */
@Injectable()
export class DoorMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly sources: Sources,
    private readonly host: HttpAdapterHost<FastifyAdapter>,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter.getInstance().addHook('onResponse', (request, reply, done) => {
      if (request.url.startsWith('/ingest/')) this.count(request, reply);
      done();
    });
  }

  /** Names that are no source's share a label: anybody can make them up. */
  private count(request: FastifyRequest, reply: FastifyReply): void {
    const { source } = (request.params ?? {}) as { readonly source?: string };
    const known = source !== undefined && this.sources.find(source) !== undefined ? source : 'unknown';
    this.metrics.requests.inc({ source: known, status: reply.statusCode });
    if (reply.statusCode < 300) this.metrics.batchSeconds.observe(reply.elapsedTime / 1_000);
  }
}
