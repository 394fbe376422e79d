import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { ruleJsonSchema, ruleTestJsonSchema } from '../rules/loading/json-schema.js';
import { rulesPage } from '../rules/reference/rules-page.js';
import type { Terminal } from './terminal/terminal.js';

const EXAMPLES = `
Editors complete and check rule files that name the schema: "$schema": "../../schema/rule.schema.json".

Examples:
  $ signalman schema
  $ signalman schema ./editor --page ./editor/rules.md`;

/** Writes the JSON Schemas of rule files and their test files, and the reference of the rule language. */
export function schemaCommand({ print }: Terminal): Command {
  return new Command('schema')
    .description(
      'write the JSON Schemas of rules and of their test files, and the reference of the rule language',
    )
    .argument('[folder]', 'where the schemas go', 'schema')
    .option('--page <file>', 'where the reference goes', 'docs/rules.md')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, { page }: { page: string }) => {
      const schemas = { 'rule.schema.json': ruleJsonSchema(), 'rule-test.schema.json': ruleTestJsonSchema() };
      const files = Object.entries(schemas).map(
        ([name, schema]) => [join(folder, name), `${JSON.stringify(schema, null, 2)}\n`] as const,
      );
      for (const [file, text] of [...files, [page, rulesPage()] as const]) {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
        print(file);
      }
    });
}
