import { IsOptional, ValidateBy } from 'class-validator';
import type { PluginKind } from '../contracts/connections.js';
import { completeConnection } from './complete-connection.js';
import { all } from './custom-check.js';
import { Kind, TrueOrFalse } from './member-checks.js';
import { LaneDto } from './destinations/lane.dto.js';
import type { Dto, Members } from './shape.js';

/** A member of the connections of a plug-in. */
export interface PluginMember {
  readonly name: string;
  /** Given by reference only. */
  readonly secret: boolean;
  readonly required: boolean;
  /** Completes the sentence "give …". */
  readonly wanted: string;
  readonly default?: unknown;
  readonly fits: (value: unknown) => boolean;
}

const classes = new Map<string, Dto>();

/** The classes of the kinds of connections that plug-ins brought. */
export function pluginDtos(): Readonly<Record<string, Dto>> {
  return Object.fromEntries(classes);
}

/** Lets the connections file have destinations of a kind that no other has. */
export function addPluginKind(kind: PluginKind, members: readonly PluginMember[]): void {
  const secrets = new Set(members.filter(({ secret }) => secret).map(({ name }) => name));
  const defaults = members.filter((member) => member.default !== undefined);
  class PluginDestinationDto {
    static readonly nested = { lane: LaneDto };
    static readonly secrets = secrets;

    kind!: string;
    allowPrivateAddresses = false;

    constructor() {
      Object.assign(this, Object.fromEntries(defaults.map((member) => [member.name, member.default])));
    }
  }
  const { prototype } = PluginDestinationDto;
  Kind(kind)(prototype, 'kind');
  IsOptional()(prototype, 'lane');
  TrueOrFalse()(prototype, 'allowPrivateAddresses');
  for (const member of members) checksOf(member)(prototype, member.name);
  classes.set(kind, PluginDestinationDto);
}

function checksOf({ name, required, wanted, fits }: PluginMember): PropertyDecorator {
  const check = ValidateBy({ name, validator: { validate: fits } }, { message: wanted });
  return required ? check : all(IsOptional(), check);
}

/** A destination of a kind that a plug-in brought, as the app has it; undefined when its kind is one of ours. */
export function pluginDestination({
  kind,
  lane,
  allowPrivateAddresses,
  ...members
}: Members): Members | undefined {
  const secrets = typeof kind === 'string' ? classes.get(kind)?.secrets : undefined;
  if (secrets === undefined) return undefined;
  const entries = Object.entries(members);
  return {
    ...completeConnection({ kind, ...(lane === undefined ? {} : { lane }) }),
    settings: Object.fromEntries(entries.filter(([name]) => !secrets.has(name))),
    secrets: Object.fromEntries(entries.filter(([name]) => secrets.has(name))),
    allowPrivateAddresses,
  };
}
