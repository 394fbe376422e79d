import { Body, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import { systemClock } from '../contracts/clock.js';
import type { Connections } from '../contracts/connections.js';
import type { LaneReport } from '../contracts/lane.js';
import { Lanes } from '../queues/lanes.js';
import { Api } from './api.js';
import type { AdmittedRequest } from './callers.js';
import { ChangeLog } from './change-log.js';
import { CHECKED, JsonBody } from './checked-input.js';
import { PauseLaneDto } from './pause-lane.dto.js';
import { Requires } from './requires.js';

interface ListedLane extends Omit<LaneReport, 'since' | 'heldUntil'> {
  /** RFC 3339 in UTC. */
  readonly since?: string;
  /** The same. */
  readonly heldUntil?: string;
}

/** What waits for each destination, and whether it is sent to. */
@Api('lanes')
export class LanesController {
  constructor(
    private readonly lanes: Lanes,
    private readonly changes: ChangeLog,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {}

  /** By name. */
  @Get()
  @Requires('viewer')
  async list(): Promise<{ lanes: ListedLane[] }> {
    return { lanes: (await this.lanes.list(this.connections.destinations)).map(listed) };
  }

  @Post(':name/pause')
  @HttpCode(200)
  @Requires('operator')
  async pause(
    @Param('name') name: string,
    @Body(JsonBody, CHECKED) { reason }: PauseLaneDto,
    @Req() request: AdmittedRequest,
  ): Promise<{ paused: string }> {
    await this.lanes.mustExist(name, this.connections.destinations);
    const since = new Date(systemClock.now()).toISOString();
    await this.changes.write(request, { what: 'lane.paused', target: name, detail: reason });
    await this.lanes.pause(name, { by: request.caller.name, reason, since });
    return { paused: name };
  }

  @Post(':name/resume')
  @HttpCode(200)
  @Requires('operator')
  async resume(@Param('name') name: string, @Req() request: AdmittedRequest): Promise<{ resumed: string }> {
    await this.lanes.mustExist(name, this.connections.destinations);
    await this.changes.write(request, { what: 'lane.resumed', target: name });
    await this.lanes.resume(name);
    return { resumed: name };
  }
}

function listed({ since, heldUntil, ...lane }: LaneReport): ListedLane {
  return {
    ...lane,
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    ...(heldUntil === undefined ? {} : { heldUntil: new Date(heldUntil).toISOString() }),
  };
}
