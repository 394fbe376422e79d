import { IsOptional } from 'class-validator';
import { Kind, MunchkinId, Origin, Text, UsagePoll, WholeNumber } from '../member-checks.js';
import type { Shape } from '../shape.js';

export class LookUpsDto {
  @WholeNumber(0, 'how many calls a day looking leads up may take, such as 5000; 0 for none') perDay!: number;
}

export class MarketoDestinationDto {
  static readonly nested: Readonly<Record<string, Shape>> = { lookUps: LookUpsDto };

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

  @UsagePoll() usagePoll?: string;
}
