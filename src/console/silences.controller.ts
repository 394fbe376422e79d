import { Body, Delete, Get, Param, Post, Req } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { durationText } from '../contracts/duration.js';
import { describeSilence, type RecurringWindow, type Silence, stateOfSilence } from '../contracts/silence.js';
import { Silences } from '../state/silences.js';
import { AddSilenceDto, newSilence } from './add-silence.dto.js';
import { Api } from './api.js';
import type { AdmittedRequest } from './callers.js';
import { ChangeLog } from './change-log.js';
import { CHECKED, JsonBody } from './checked-input.js';
import { Requires } from './requires.js';

interface ListedSilence extends Omit<Silence, 'every'> {
  readonly state: ReturnType<typeof stateOfSilence>;
  readonly every?: Omit<RecurringWindow, 'forMs'> & { readonly for: string };
}

/** What people muted for a time. */
@Api('silences')
export class SilencesController {
  constructor(
    private readonly silences: Silences,
    private readonly changes: ChangeLog,
  ) {}

  /** Those that hold or are to hold, and what ended in the last seven days; the oldest first. */
  @Get()
  @Requires('viewer')
  async list(): Promise<{ silences: ListedSilence[] }> {
    return { silences: (await this.silences.list(systemClock.now())).map(listed) };
  }

  @Post()
  @Requires('operator')
  async add(
    @Body(JsonBody, CHECKED) wanted: AddSilenceDto,
    @Req() request: AdmittedRequest,
  ): Promise<ListedSilence> {
    const silence = await this.silences.add(newSilence(wanted, request.caller), systemClock.now());
    const detail = describeSilence(silence);
    await this.changes.write(request, { what: 'silence.added', target: silence.id, detail });
    return listed(silence);
  }

  @Delete(':id')
  @Requires('operator')
  async end(@Param('id') id: string, @Req() request: AdmittedRequest): Promise<{ ended: ListedSilence }> {
    const ended = await this.silences.end(id, systemClock.now());
    await this.changes.write(request, { what: 'silence.ended', target: id, detail: describeSilence(ended) });
    return { ended: listed(ended) };
  }
}

function listed({ every, ...silence }: Silence): ListedSilence {
  const state = stateOfSilence(silence, systemClock.now());
  if (every === undefined) return { ...silence, state };
  const { cron, forMs, timeZone } = every;
  return { ...silence, state, every: { cron, for: durationText(forMs), timeZone } };
}
