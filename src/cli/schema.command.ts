import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { ruleJsonSchema, ruleTestJsonSchema } from '../rules/loading/json-schema.js';
import type { Terminal } from './terminal.js';

const EXAMPLES = `
Editors complete and check rule files that name the schema: "$schema": "../../schema/rule.schema.json".

Examples:
  $ signalman schema
  $ signalman schema ./editor`;

/** Writes the JSON Schemas of rule files and their test files. */
export function schemaCommand({ print }: Terminal): Command {
  return new Command('schema')
    .description('write the JSON Schemas of rules and of their test files')
    .argument('[folder]', 'where to', 'schema')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string) => {
      await mkdir(folder, { recursive: true });
      const schemas = { 'rule.schema.json': ruleJsonSchema(), 'rule-test.schema.json': ruleTestJsonSchema() };
      for (const [name, schema] of Object.entries(schemas)) {
        const file = join(folder, name);
        await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`);
        print(file);
      }
    });
}
