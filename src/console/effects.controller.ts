import { Get, Param, Query, Req } from '@nestjs/common';
import { includes } from '../access/key.js';
import { EffectSearch } from '../delivery/effect-search.js';
import { EffectsInLanes } from '../delivery/effects-in-lanes.js';
import { EffectStories } from '../delivery/effect-stories.js';
import { Api } from './api.js';
import { ApiError, notFound } from './api-error.js';
import type { AdmittedRequest } from './callers.js';
import { CHECKED } from './checked-input.js';
import { EffectsQuery, filterOf } from './effects.query.js';
import {
  type ShownEffect,
  type ShownQueued,
  type ShownStory,
  shownEffect,
  shownQueued,
  shownStory,
} from './shown-effect.js';
import { Requires } from './requires.js';

/** What was sent, and how it ended. What it tells of people is for operators only. */
@Api('effects')
@Requires('viewer')
export class EffectsController {
  constructor(
    private readonly search: EffectSearch,
    private readonly inLanes: EffectsInLanes,
    private readonly stories: EffectStories,
  ) {}

  /**
   * The effect that changed last first. There may be fewer than `limit` and yet a cursor: then there may be more. The first
   * page has beside them what waits in its lane for its first try, at most `limit`.
   */
  @Get()
  async list(
    @Query(CHECKED) query: EffectsQuery,
    @Req() request: AdmittedRequest,
  ): Promise<{ queued?: ShownQueued[]; effects: ShownEffect[]; cursor?: string }> {
    const isWhole = maySeeTexts(request);
    if (query.text !== undefined && !isWhole)
      throw new ApiError(403, 'forbidden', 'Searching what effects say needs a key with the role operator.');
    const filter = filterOf(query);
    const { entries, ...more } = await this.search.search(filter, query.limit, query.cursor);
    const effects = entries.map((entry) => shownEffect(entry, isWhole));
    if (query.cursor !== undefined) return { effects, ...more };
    const { queued } = await this.inLanes.find(filter, query.limit);
    return { queued: queued.map((each) => shownQueued(each, isWhole)), effects, ...more };
  }

  @Get(':id')
  async show(@Param('id') id: string, @Req() request: AdmittedRequest): Promise<ShownStory> {
    const story = await this.stories.of(id);
    if (story === undefined) throw notFound(`Nothing is known of an effect ${JSON.stringify(id)}.`);
    return shownStory(story, maySeeTexts(request));
  }
}

function maySeeTexts({ caller }: AdmittedRequest): boolean {
  return includes(caller.role, 'operator');
}
