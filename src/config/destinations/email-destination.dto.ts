import { ArrayNotEmpty, Matches } from 'class-validator';
import { Kind } from '../member-checks.js';

const ADDRESS = /^(?:[^<>]*<)?[^\s@<>]+@[^\s@<>]+>?$/;

// A message completes the sentence "give …".

export class EmailDestinationDto {
  @Kind('email') kind!: 'email';

  @Matches(/^smtps?:\/\/\S+$/, { message: 'a URL such as smtp://user:password@host:587 or smtps://…' })
  smtpUrl!: string;

  @Matches(ADDRESS, { message: 'a mail address such as "Signalman <signalman@acme.example>"' })
  from!: string;

  @Matches(ADDRESS, { each: true, message: 'a list of mail addresses' })
  @ArrayNotEmpty({ message: 'a list of at least one mail address' })
  to!: string[];
}
