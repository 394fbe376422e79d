import type { ParamsFinding } from '../../../contracts/action-kind.js';
import { isJsonObject, type JsonObject } from '../../../contracts/json.js';

const TABLES: readonly unknown[] = ['table', 'data_table'];

type Path = ParamsFinding['path'];

/**
 * What Slack would refuse though each block is right by itself. The blocks must be of the schema's shape; `path` leads
 * to them.
 */
export function wholeMessageProblems(blocks: readonly JsonObject[], path: Path): ParamsFinding[] {
  const tables = findAll(blocks, ({ type }) => TABLES.includes(type));
  const tooMany = { path, message: `a message holds one table, and here are ${tables.length}` };
  return [
    ...(tables.length > 1 ? [tooMany] : []),
    ...twice(blocks, 'block_id', path),
    ...blocks.flatMap((block, index) => [
      ...twice(block, 'action_id', [...path, index]),
      ...(block['type'] === 'data_table' ? dataTableProblems(block, [...path, index, 'rows']) : []),
    ]),
  ];
}

function twice(value: unknown, member: string, path: Path): ParamsFinding[] {
  const ids = findAll(value, (each) => typeof each[member] === 'string').map((each) => String(each[member]));
  const repeated = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [...repeated].map((id) => ({ path, message: `${member} "${id}" stands there twice` }));
}

function dataTableProblems({ rows }: JsonObject, path: Path): ParamsFinding[] {
  const [head = [], ...others] = rows as readonly (readonly JsonObject[])[];
  const uneven = others.findIndex((row) => row.length !== head.length);
  const headed = { path: [...path, 0], message: 'the head of a data_table takes no rich_text' };
  return [
    ...(head.some(({ type }) => type === 'rich_text') ? [headed] : []),
    ...(uneven === -1
      ? []
      : [{ path: [...path, uneven + 1], message: 'every row needs as many cells as the first' }]),
  ];
}

/** Every object at any depth for which `wanted` holds. */
function findAll(value: unknown, wanted: (value: JsonObject) => boolean): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap((item) => findAll(item, wanted));
  if (!isJsonObject(value)) return [];
  const inside = Object.values(value).flatMap((member) => findAll(member, wanted));
  return wanted(value) ? [value, ...inside] : inside;
}
