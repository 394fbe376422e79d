import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ruleJsonSchema, ruleTestJsonSchema } from './json-schema.js';

const folder = resolve('schema');
mkdirSync(folder, { recursive: true });
const schemas = { 'rule.schema.json': ruleJsonSchema(), 'rule-test.schema.json': ruleTestJsonSchema() };
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
}
