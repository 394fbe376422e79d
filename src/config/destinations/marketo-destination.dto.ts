import { IsOptional } from 'class-validator';
import { Kind, MunchkinId, NumberBetween, Origin, Text, UsagePoll, WholeNumber } from '../member-checks.js';
import type { Shape } from '../shape.js';
import { LaneDto } from './lane.dto.js';

export class LookUpsDto {
  @WholeNumber(0, 'how many calls a day looking leads up may take, such as 5000; 0 for none') perDay!: number;
}

/** Above these numbers Marketo refuses everybody. */
export class MarketoCallsDto {
  @IsOptional()
  @NumberBetween(1, 100, 'how many calls we may make within 20 seconds, from 1 to 100')
  perWindow?: number;

  @IsOptional()
  @NumberBetween(1, 10, 'how many calls we may make at once, from 1 to 10')
  atOnce?: number;

  @IsOptional()
  @NumberBetween(0, 50, 'which share of dailyCalls we never touch, in percent from 0 to 50')
  reservePercent?: number;
}

export class MarketoDestinationDto {
  static readonly nested: Readonly<Record<string, Shape>> = {
    lookUps: LookUpsDto,
    calls: MarketoCallsDto,
    lane: LaneDto,
  };

  @Kind('marketo') kind!: 'marketo';
  @MunchkinId() munchkinId!: string;

  @IsOptional()
  @Origin()
  origin?: string;

  @Text() clientId!: string;
  @Text() clientSecret!: string;
  @IsOptional() lookUps?: object;

  @IsOptional()
  @WholeNumber(1, 'how many API calls a day the subscription has, such as 50000')
  dailyCalls?: number;

  @IsOptional() calls?: object;
  @IsOptional() lane?: object;

  @UsagePoll() usagePoll?: string;
}
