import { Get, Param, Query, Req } from '@nestjs/common';
import { includes } from '../access/key.js';
import { EffectSearch } from '../delivery/effect-search.js';
import { EffectStories } from '../delivery/effect-stories.js';
import { Api } from './api.js';
import { ApiError, notFound } from './api-error.js';
import type { AdmittedRequest } from './callers.js';
import { CHECKED } from './checked-input.js';
import { EffectsQuery, filterOf } from './effects.query.js';
import { type ShownEffect, type ShownStory, shownEffect, shownStory } from './shown-effect.js';
import { Requires } from './requires.js';

/** What was sent, and how it ended. What it tells of people is for operators only. */
@Api('effects')
@Requires('viewer')
export class EffectsController {
  constructor(
    private readonly search: EffectSearch,
    private readonly stories: EffectStories,
  ) {}

  /** The effect that changed last first. There may be fewer than `limit` and yet a cursor: then there may be more. */
  @Get()
  async list(
    @Query(CHECKED) query: EffectsQuery,
    @Req() request: AdmittedRequest,
  ): Promise<{ effects: ShownEffect[]; cursor?: string }> {
    const isWhole = maySeeTexts(request);
    if (query.text !== undefined && !isWhole)
      throw new ApiError(403, 'forbidden', 'Searching what effects say needs a key with the role operator.');
    const { entries, ...more } = await this.search.search(filterOf(query), query.limit, query.cursor);
    return { effects: entries.map((entry) => shownEffect(entry, isWhole)), ...more };
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
