import { ArrayNotEmpty, IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { all, checked, parsed } from './custom-check.js';
import { parseDuration } from '../contracts/duration.js';
import { MUNCHKIN_ID } from '../contracts/munchkin-id.js';
import { parsePath, parseSigned, parseTemplate } from '../contracts/placeholders.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
const ORIGIN = /^(?:https:\/\/[^/\s@]+|http:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?)$/;
/** Types that no vendor's webhook may have; readers of events refuse them too. */
const RESERVED_TYPE = /^(?:marketo|signalman)\./;

/** A Standard Webhooks secret. */
export const WHSEC = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;

export const NEVER = 'never';
export const OFF = 'off';

const MINUTE_MS = 60_000;

// A message completes the sentence "give …".

export const Text = (): PropertyDecorator => Matches(/\S/, { message: 'a text that is not empty' });

export const TrueOrFalse = (): PropertyDecorator => IsBoolean({ message: 'true or false' });

/** A whole number that is not below `least`. */
export const WholeNumber = (least: number, what: string): PropertyDecorator =>
  all(IsInt({ message: what }), Min(least, { message: what }));

/** A whole number between two, both counted in. */
export const NumberBetween = (least: number, most: number, what: string): PropertyDecorator =>
  all(WholeNumber(least, what), Max(most, { message: what }));

export const Kind = (kind: string): PropertyDecorator => IsIn([kind]);

export const Origin = (): PropertyDecorator =>
  Matches(ORIGIN, { message: 'https://host without a path (http:// only on this machine)' });

/** Credentials go there or trust comes from there, so nobody between may listen or answer. */
export const SecureUrl = (what: string): PropertyDecorator =>
  checked(
    'secureUrl',
    isSecureUrl,
    () => `${what}, which begins with https:// (http:// only on this machine)`,
  );

export const MunchkinId = (): PropertyDecorator =>
  Matches(MUNCHKIN_ID, { message: 'the Munchkin id, such as 123-ABC-456' });

/** Optional list of Munchkin ids. */
export const MunchkinIds = (): PropertyDecorator =>
  all(
    IsOptional(),
    ArrayNotEmpty({ message: 'at least one Munchkin id, or leave it out to take all' }),
    Matches(MUNCHKIN_ID, { each: true, message: 'a list of Munchkin ids, such as ["123-ABC-456"]' }),
  );

/** Optional longest silence that is normal. */
export const ExpectEvery = (): PropertyDecorator =>
  all(
    IsOptional(),
    checked(
      'expectEvery',
      (value) => value === NEVER || (parseDuration(value) ?? 0) > 0,
      () => 'a whole number and one of s, m, h, d, w, such as "2h", or "never" when any silence is normal',
    ),
  );

/** Optional time between two looks at the usage of the day. */
export const UsagePoll = (): PropertyDecorator =>
  all(
    IsOptional(),
    checked(
      'usagePoll',
      (value) => value === OFF || (parseDuration(value) ?? 0) >= MINUTE_MS,
      () => 'a whole number and one of m, h, such as "5m", or "off" when nobody asks for the usage',
    ),
  );

export const HeaderName = (what: string): PropertyDecorator =>
  Matches(/^[\w!#$%&'*+.^`|~-]+$/, { message: `the name of the header with ${what}` });

export const SecretList = (what: string): PropertyDecorator =>
  all(
    ArrayNotEmpty({ message: `a list of ${what}, such as [{ "env": "THE_VARIABLE" }]` }),
    Matches(/\S/, { each: true, message: `a list of ${what}, none of them empty` }),
  );

export const TemplateText = (): PropertyDecorator =>
  parsed(parseTemplate, 'a text with placeholders such as {$.order.id}');

/** A template that does not begin like Marketo's types or our own. */
export const TypeTemplate = (): PropertyDecorator =>
  parsed(
    (text) =>
      RESERVED_TYPE.test(text)
        ? { problem: 'types that begin with marketo. or signalman. are reserved' }
        : parseTemplate(text),
    'the type of the event, such as com.acme.shop.{$.event}',
  );

export const SignedText = (): PropertyDecorator =>
  parsed(parseSigned, 'what is signed, with {body} and perhaps {header.x-name}');

export const BodyPath = (): PropertyDecorator =>
  parsed(parsePath, 'the path of a part of the body, such as $.payload');

function isSecureUrl(text: string): boolean {
  if (!URL.canParse(text) || /\s/.test(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const encrypted = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
  return encrypted && username === '' && password === '';
}
