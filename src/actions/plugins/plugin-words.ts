import type { TSchema } from '@sinclair/typebox';
import type { PluginMember } from '../../config/plugin-kinds.js';
import type { ActionSchema } from '../../contracts/action-kind.js';
import type { PluginKind } from '../../contracts/connections.js';
import { connectionName } from '../common/param-types.js';
import type { Plugin } from '../plugin.js';
import { compileSchema, type Fits, membersOf, requiredOf } from './plugin-schema.js';

/** The brand of its type, as the kind of its connections. */
export function kindOf({ type }: Plugin): PluginKind {
  return type as PluginKind;
}

/** What rules are told of the action of a plug-in that is in order. */
export function actionSchemaOf(plugin: Plugin): ActionSchema {
  const { type, description, params, repeatable, examples } = plugin;
  const to = { ...connectionName(`Name of a ${type} connection.`) };
  const schema = {
    ...params,
    properties: { to, ...Object.fromEntries(membersOf(params)) },
    required: ['to', ...requiredOf(params)],
    additionalProperties: false,
  };
  return {
    type,
    destination: kindOf(plugin),
    // Rules are checked and rendered by its JSON Schema alone; TypeBox's own mark is for validating with TypeBox.
    params: schema as unknown as TSchema,
    description,
    repeatable,
    example: examples.params,
  };
}

/** What the connections file is told of its connections. */
export function connectionMembersOf({ connection }: Plugin): PluginMember[] {
  const required = requiredOf(connection);
  return membersOf(connection).map(([name, schema]) => {
    const { secret, description, ...rest } = schema;
    const fits = fitsOf(rest);
    return {
      name,
      secret: secret === true,
      required: required.includes(name),
      wanted: inASentence(String(description)),
      default: schema['default'],
      fits: (value) => fits(value) === undefined,
    };
  });
}

/** Judges rendered parameters, `to` not among them. */
export function fitsParams({ params }: Plugin): Fits {
  return fitsOf({ ...params, additionalProperties: false });
}

function fitsOf(schema: Readonly<Record<string, unknown>>): Fits {
  const compiled = compileSchema(schema);
  if ('problem' in compiled) throw new Error(compiled.problem);
  return compiled.fits;
}

/** `The URL of the workflow.` → `the URL of the workflow` */
function inASentence(description: string): string {
  const bare = description.replace(/\.$/, '');
  return /^[A-Z][a-z]/.test(bare) || /^[A-Z] /.test(bare)
    ? bare.charAt(0).toLowerCase() + bare.slice(1)
    : bare;
}

/** The names of the members of its connections that are secret. */
export function secretsOf({ connection }: Plugin): ReadonlySet<string> {
  return new Set(membersOf(connection).flatMap(([name, { secret }]) => (secret === true ? [name] : [])));
}
