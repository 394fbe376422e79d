import { readFileSync } from 'node:fs';
import { resolve as absolute } from 'node:path';

export interface SecretSources {
  readonly env: NodeJS.ProcessEnv;
  /** References to files are relative to this folder. */
  readonly folder: string;
}

export interface NamedMember {
  readonly name: string;
  /** It may be given by reference only. */
  readonly isSecret: boolean;
}

export interface Resolved {
  readonly value: unknown;
  readonly problems: readonly { readonly within: readonly number[]; readonly problem: string }[];
}

/**
 * A member of a connection with its reference followed, or those in its list. A secret that stands there in the open
 * is a problem; `within` says where in the list.
 */
export function resolveMember(member: NamedMember, value: unknown, from: SecretSources): Resolved {
  if (!Array.isArray(value)) {
    const one = resolve(member, value, from);
    return 'problem' in one
      ? { value: undefined, problems: [{ within: [], problem: one.problem }] }
      : { value: one.value, problems: [] };
  }
  const each = value.map((element: unknown) => resolve(member, element, from));
  return {
    value: each.map((one) => ('value' in one ? one.value : undefined)),
    problems: each.flatMap((one, index) =>
      'problem' in one ? [{ within: [index], problem: one.problem }] : [],
    ),
  };
}

type Followed = { readonly value: unknown } | { readonly problem: string };

function resolve({ name, isSecret }: NamedMember, value: unknown, from: SecretSources): Followed {
  const reference = referenceIn(value);
  if (reference?.by === 'env') return fromEnvironment(reference.to, from.env);
  if (reference?.by === 'file') return fromFile(reference.to, from.folder);
  if (!isSecret) return { value };
  return {
    problem:
      `${name} is a secret and must not stand in this file: write { "env": "THE_VARIABLE" } or ` +
      '{ "file": "./secrets/the-file" } instead',
  };
}

function referenceIn(value: unknown): { by: 'env' | 'file'; to: string } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const [[by, to] = [], ...more] = Object.entries(value) as [string, unknown][];
  if (more.length > 0 || typeof to !== 'string' || (by !== 'env' && by !== 'file')) return undefined;
  return { by, to };
}

function fromEnvironment(name: string, env: NodeJS.ProcessEnv): Followed {
  const value = env[name];
  if (value === undefined || value === '') return { problem: `the environment variable ${name} is not set` };
  return { value };
}

/** Editors end a file with a line break that is no part of the secret. */
function fromFile(name: string, folder: string): Followed {
  const path = absolute(folder, name);
  try {
    const value = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return value === '' ? { problem: `the file ${path} is empty` } : { value };
  } catch (error) {
    return {
      problem: `the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
    };
  }
}
