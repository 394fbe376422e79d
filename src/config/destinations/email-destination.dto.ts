import { ArrayNotEmpty, IsOptional, Matches } from 'class-validator';
import { parseDuration } from '../../contracts/duration.js';
import { checked } from '../custom-check.js';
import { Kind } from '../member-checks.js';
import { perRecipientPace } from '../per-recipient-pace.js';
import type { Shape } from '../shape.js';
import { LaneDto } from './lane.dto.js';

/** One line; a comma, a semicolon or a bracket inside the address could make it several. */
const ADDRESS = /^(?:[^<>\r\n]*<)?[^\s@<>,;]+@[^\s@<>,;]+>?$/;
/** A line of a header holds no more. */
const UNSUBSCRIBE = /^(?:mailto:|https:\/\/)[^\s<>]{1,900}$/;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

// A message completes the sentence "give …".

export class EmailDestinationDto {
  static readonly nested: Readonly<Record<string, Shape>> = { lane: LaneDto };

  @Kind('email') kind!: 'email';

  @Matches(/^smtps?:\/\/\S+$/, { message: 'a URL such as smtp://user:password@host:587 or smtps://…' })
  smtpUrl!: string;

  @Matches(ADDRESS, { message: 'a mail address such as "Signalman <signalman@acme.example>"' })
  from!: string;

  @Matches(ADDRESS, { each: true, message: 'a list of mail addresses' })
  @ArrayNotEmpty({ message: 'a list of at least one mail address' })
  to!: string[];

  @IsOptional() lane?: object;

  @IsOptional()
  @Matches(ADDRESS, { message: 'the mail address that bounces go to' })
  bounces?: string;

  @IsOptional()
  @Matches(UNSUBSCRIBE, { message: 'where a reader unsubscribes: mailto:… or https://…' })
  unsubscribe?: string;

  @IsOptional()
  @checked(
    'perRecipient',
    (value) => perRecipientPace(value) !== undefined,
    () => 'how many mails each recipient gets at most, such as "20/h": a number and one of s, m, h, d',
  )
  perRecipient?: string;

  @IsOptional()
  @checked(
    'digest',
    (value) => isBetween(parseDuration(value), MINUTE_MS, DAY_MS),
    () => 'how often gathered mails are sent, such as "15m", from 1m to 1d',
  )
  digest?: string;
}

function isBetween(ms: number | undefined, least: number, most: number): boolean {
  return ms !== undefined && ms >= least && ms <= most;
}
