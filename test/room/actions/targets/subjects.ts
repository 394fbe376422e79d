import { ACTION_SCHEMAS } from '../../../../src/actions/action-schemas.js';
import type { Actions } from '../../../../src/actions/actions.js';
import type { ConformanceSubject } from '../../../../src/actions/conformance-subject.js';
import type { JsonObject } from '../../../../src/contracts/json.js';
import type { TemplateScope } from '../../../../src/rules/templates/template-scope.js';
import { MAX_TEXT } from '../../../../src/rules/templates/liquid-engine.js';
import { compileParams } from '../../../../src/rules/templates/params.js';

/**
 * A kind of ours with example parameters. `written` are those of a rule in whose texts `{{ data.text }}` is what somebody
 * else wrote: they are rendered, and so escaped, as the judge does it.
 */
export function subjectOf(
  actions: Actions,
  type: string,
  params: JsonObject,
  written?: JsonObject,
): ConformanceSubject {
  const schema = ACTION_SCHEMAS.get(type);
  if (schema === undefined) throw new Error(`There is no action kind ${type}.`);
  const compiled = written === undefined ? undefined : compileParams(written, schema.params);
  return {
    schema,
    action: actions.get(type),
    params,
    withText: compiled && ((text) => compiled.render(scopeOf(text))),
  };
}

function scopeOf(text: string): TemplateScope {
  const event = { data: { text: text.slice(0, MAX_TEXT - 100) } };
  return { event, data: event.data } as unknown as TemplateScope;
}
