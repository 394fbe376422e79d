import { Ajv } from 'ajv';
import { RENDERING_KEYWORDS } from '../../contracts/action-kind.js';
import { errorDetails } from '../../contracts/error-details.js';
import { isJsonObject } from '../../contracts/json.js';
import type { ConformanceSubject } from '../conformance-subject.js';
import { expect } from './expect.js';

/** What rules and their authors are told of a kind. */
export function describedChecks({ schema, params }: ConformanceSubject) {
  return {
    'is described, and its example fits': async () => {
      expect(/^\S.*\.$/.test(schema.description), 'its description is no sentence that ends in a full stop');
      const { properties, additionalProperties } = schema.params;
      expect(isJsonObject(properties), 'its schema has no "properties"');
      expect(additionalProperties === false, 'its schema takes members that it does not describe');
      for (const [name, member] of Object.entries(properties)) {
        const description: unknown = isJsonObject(member) ? member['description'] : undefined;
        expect(typeof description === 'string' && description !== '', `"${name}" is not described`);
      }
      const validate = compiled(schema.params);
      const to = 'to' in properties ? { to: 'there' } : {};
      expect(
        validate({ ...params, ...to }),
        `its example does not fit: ${validator.errorsText(validate.errors)}`,
      );
      await Promise.resolve();
    },
  };
}

const validator = new Ajv({ allowUnionTypes: true, strictRequired: false, logger: false });
for (const keyword of RENDERING_KEYWORDS) validator.addKeyword(keyword);

function compiled(schema: object) {
  try {
    return validator.compile(schema);
  } catch (error) {
    throw new Error(`its schema cannot be compiled: ${errorDetails(error).message}`, { cause: error });
  }
}
