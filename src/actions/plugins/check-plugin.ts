import { SECRET_MEMBERS } from '../../config/secret-members.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { nearest } from '../../contracts/nearest.js';
import { compileSchema, membersOf } from './plugin-schema.js';

const MEMBERS = [
  'type',
  'description',
  'params',
  'connection',
  'repeatable',
  'timeoutMs',
  'examples',
  'send',
] as const;
type Member = (typeof MEMBERS)[number];

const TYPE = /^[a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)*$/;
/** Kinds of ours begin like this, those of later versions too. */
const RESERVED = /^(?:marketo|signalman)\b/;
const SHORTEST_MS = 100;
const LONGEST_MS = 120_000;

/** What Signalman itself adds to the parameters, and to every connection. */
const OURS = { params: ['to'], connection: ['kind', 'lane', 'allowPrivateAddresses'] } as const;
/** What may stand beside `properties`, so that every member can be judged, and told of, by itself. */
const CONNECTION_KEYWORDS = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'description',
]);

/** Everything that is wrong with what a plug-in exports, a sentence each; none when it is a `Plugin`. */
export function problemsOfPlugin(exported: unknown): string[] {
  if (!isJsonObject(exported)) return ['its default export must be an object that describes the action'];
  const unknown = Object.keys(exported).filter((name) => !(MEMBERS as readonly string[]).includes(name));
  return [
    ...unknown.map(unknownMember),
    ...MEMBERS.flatMap((name) =>
      name in exported ? [] : [`it has no member "${name}": give ${WANTED[name]}`],
    ),
    ...MEMBERS.flatMap((name) =>
      name in exported && !HOLDS[name](exported[name]) ? [`"${name}" must be ${WANTED[name]}`] : [],
    ),
    ...problemsOfSchema('params', exported),
    ...problemsOfSchema('connection', exported),
    ...problemsOfSecrets(exported['connection']),
  ];
}

const WANTED: Readonly<Record<Member, string>> = {
  type: 'a name such as "teams" or "acme.teams", which does not begin with marketo or signalman',
  description: 'one sentence that ends in a full stop',
  params: 'the JSON Schema of an object, with "type": "object" and "properties"',
  connection: 'the JSON Schema of an object, with "type": "object" and "properties"',
  repeatable: 'true when the target recognises a repeat, else false',
  timeoutMs: `a whole number of milliseconds from ${SHORTEST_MS} to ${LONGEST_MS}`,
  examples: 'an object with "params" and "connection"',
  send: 'a function',
};

const HOLDS: Readonly<Record<Member, (value: unknown) => boolean>> = {
  type: (value) => typeof value === 'string' && TYPE.test(value) && !RESERVED.test(value),
  description: (value) => typeof value === 'string' && /^\S.*\.$/.test(value),
  params: isObjectSchema,
  connection: isObjectSchema,
  repeatable: (value) => typeof value === 'boolean',
  timeoutMs: (value) =>
    Number.isInteger(value) && Number(value) >= SHORTEST_MS && Number(value) <= LONGEST_MS,
  examples: (value) =>
    isJsonObject(value) && isJsonObject(value['params']) && isJsonObject(value['connection']),
  send: (value) => typeof value === 'function',
};

function isObjectSchema(value: unknown): boolean {
  return isJsonObject(value) && value['type'] === 'object' && isJsonObject(value['properties']);
}

function unknownMember(name: string): string {
  const near = nearest(name, MEMBERS);
  return `it has an unknown member "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
}

/** The schema itself, its members, and whether the example fits it. */
function problemsOfSchema(
  which: 'params' | 'connection',
  { [which]: schema, examples }: JsonObject,
): string[] {
  if (!isJsonObject(schema) || !isObjectSchema(schema)) return [];
  const compiled = compileSchema({ ...schema, additionalProperties: false });
  if ('problem' in compiled) return [`"${which}" is no good schema: ${compiled.problem}`];
  const example = isJsonObject(examples) ? examples[which] : undefined;
  const misfit = isJsonObject(example) ? compiled.fits(example) : undefined;
  return [
    ...membersOf(schema).flatMap(([name, member]) => {
      if ((OURS[which] as readonly string[]).includes(name))
        return [`"${which}" describes "${name}", which Signalman adds itself: leave it out`];
      const { description } = member;
      return typeof description === 'string' && description !== ''
        ? []
        : [`"${which}" does not say what "${name}" is: give it a "description"`];
    }),
    ...(misfit === undefined ? [] : [`the example of "${which}" does not fit its schema: ${misfit}`]),
  ];
}

function problemsOfSecrets(connection: unknown): string[] {
  if (!isJsonObject(connection)) return [];
  return [
    ...Object.keys(connection)
      .filter((keyword) => !CONNECTION_KEYWORDS.has(keyword))
      .map((keyword) => `"connection" has "${keyword}": only its members can be restricted`),
    ...membersOf(connection).flatMap(([name, member]) => {
      const open = member['secret'] !== true;
      if (open && SECRET_MEMBERS.has(name)) return [`"${name}" of "connection" needs "secret": true`];
      if (!open && !isTextOrTexts(member))
        return [`"${name}" of "connection" is secret and must be a text or a list of texts`];
      return hasSecretInside(member)
        ? [`"${name}" of "connection" has a secret inside: make the secret a member of its own`]
        : [];
    }),
  ];
}

function isTextOrTexts({ type, items }: JsonObject): boolean {
  return type === 'string' || (type === 'array' && isJsonObject(items) && items['type'] === 'string');
}

function hasSecretInside(member: JsonObject): boolean {
  return Object.values(member).some(
    (inner) => isJsonObject(inner) && (inner['secret'] === true || hasSecretInside(inner)),
  );
}
