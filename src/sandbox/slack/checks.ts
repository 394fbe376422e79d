import { isJsonObject } from '../../contracts/json.js';

/** What Slack has against a value at a JSON pointer, in Slack's words; nothing when it takes it. */
export type Check = (value: unknown, at: string) => string[];

/** `false` in front of a check: the member may be left out. */
type Members = Readonly<Record<string, Check | readonly [false, Check]>>;

function problem(words: string, at: string): string[] {
  return [`${words} [json-pointer:${at}]`];
}

/** A text of `least` to `most` characters. */
export function chars(most: number, least = 1): Check {
  return (value, at) => {
    if (typeof value !== 'string') return problem('must be a string', at);
    if (value.length < least) return problem(`must be more than ${least - 1} characters`, at);
    return value.length > most ? problem(`must be less than ${most + 1} characters`, at) : [];
  };
}

export function link(scheme: RegExp = /^https?:\/\/[^\s/]/): Check {
  return (value, at) => {
    const wrong = chars(3_000)(value, at);
    return wrong.length === 0 && !scheme.test(String(value)) ? problem('invalid url', at) : wrong;
  };
}

export const bool: Check = (value, at) =>
  typeof value === 'boolean' ? [] : problem('must be a boolean', at);

export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  return (value, at) =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
      ? []
      : problem(`must be a whole number from ${least} to ${most}`, at);
}

export const finite: Check = (value, at) => (Number.isFinite(value) ? [] : problem('must be a number', at));

export function word(...words: readonly string[]): Check {
  return (value, at) =>
    words.includes(value as string) ? [] : problem(`must be one of ${words.join(', ')}`, at);
}

export function items(least: number, most: number, of: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return problem('must be an array', at);
    if (value.length < least) return problem(`no less than ${least} items allowed`, at);
    if (value.length > most) return problem(`no more than ${most} items allowed`, at);
    return value.flatMap((item, index) => of(item, `${at}/${index}`));
  };
}

/** An object of these members and no others. `either`: at least one of them is there. */
export function members(of: Members, either: readonly string[] = []): Check {
  return (value, at) => {
    if (!isJsonObject(value)) return problem('must be an object', at);
    const unknown = Object.keys(value).filter((name) => !Object.hasOwn(of, name));
    if (either.length > 0 && !either.some((name) => name in value)) {
      return problem(`missing one of ${either.join(', ')}`, at);
    }
    return [
      ...unknown.flatMap((name) => problem(`invalid additional property: ${name}`, at)),
      ...Object.entries(of).flatMap(([name, check]) => {
        const needed = typeof check === 'function';
        if (!(name in value)) return needed ? problem(`missing required field: ${name}`, at) : [];
        return (needed ? check : check[1])(value[name], `${at}/${name}`);
      }),
    ];
  };
}

/** An object whose `type` says which check is for it. */
export function byType(checks: Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    const type = isJsonObject(value) ? value['type'] : undefined;
    const check = typeof type === 'string' && Object.hasOwn(checks, type) ? checks[type] : undefined;
    return check === undefined ? problem(`unsupported type: ${String(type)}`, at) : check(value, at);
  };
}

/** What Slack says of ids that should be unique. */
export function twice(member: string, values: readonly unknown[], at: string): string[] {
  const ids = values.flatMap((value) => idsIn(value, member));
  return ids.some((id, index) => ids.indexOf(id) !== index)
    ? problem(`\`${member}\` already exists`, at)
    : [];
}

function idsIn(value: unknown, member: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => idsIn(item, member));
  if (!isJsonObject(value)) return [];
  const inside = Object.values(value).flatMap((each) => idsIn(each, member));
  return member in value ? [value[member], ...inside] : inside;
}
