import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import type { ActionSchema } from '../../contracts/action-kind.js';
import { OWN_SOURCE } from '../../contracts/batch.js';
import type { JsonObject } from '../../contracts/json.js';
import { nearest } from '../../contracts/nearest.js';
import type { RuleFile } from '../rule-schema.js';
import { analyseParams, type ParamsAnalysis } from '../templates/params.js';
import type { Checked } from './check-context.js';
import { useFinding, type TextNames } from './check-uses.js';
import type { Path } from './jsonc-document.js';
import { listed } from './listed.js';
import { error, type Finding, type Problem } from './problem.js';
import { checkShape, prepareShape } from './schema-findings.js';

export interface CheckedActions {
  readonly problems: readonly Problem[];
  /** What the texts of each action say that they need. */
  readonly texts: readonly Pick<ParamsAnalysis, 'leadFields' | 'uses'>[];
}

/** Checks every action: its kind, its parameters, its templates and where it goes. */
export function checkActions(
  checked: Checked,
  actions: RuleFile['actions'],
  names: TextNames,
): CheckedActions {
  const problems: Problem[] = [];
  const texts: ParamsAnalysis[] = [];
  for (const [index, { type, params }] of actions.entries()) {
    const at = ['actions', index];
    const schema = ACTION_SCHEMAS.get(type);
    if (schema === undefined) {
      problems.push(checked.document.at([...at, 'type'], unknownKind(type)));
      continue;
    }
    const inside = [...at, 'params'];
    const misshapen = checkShape(checked.document, { schema: schema.params, value: params, at: inside });
    problems.push(...misshapen);
    if (misshapen.length > 0) continue;
    const analysis = analyseParams(params, schema.params);
    texts.push(analysis);
    problems.push(
      ...checkDestination(checked, schema, params['to'], inside),
      ...checkParams(checked, schema, params, inside),
      ...checkTexts(checked, analysis, names, inside),
    );
  }
  return { problems, texts };
}

/** Done while nothing waits: the shape of a kind of action takes far longer to prepare than to check a rule against it. */
export function prepareActionShapes(): void {
  for (const { params } of ACTION_SCHEMAS.values()) prepareShape(params);
}

function unknownKind(type: string): Finding {
  const suggestion = nearest(type, ACTION_SCHEMAS.keys());
  const kinds = suggestion === undefined ? `; there are ${listed(ACTION_SCHEMAS.keys())}` : '';
  return error('action.unknown', `unknown action "${type}"${kinds}`, suggestion);
}

function checkDestination(checked: Checked, schema: ActionSchema, to: unknown, inside: Path): Problem[] {
  const finding = destinationFinding(checked, schema, to);
  return finding === undefined ? [] : [checked.document.at([...inside, 'to'], finding)];
}

/** What the kind of action itself knows to be wrong. */
function checkParams(
  { document, context: { connections = {} } }: Checked,
  schema: ActionSchema,
  params: JsonObject,
  inside: Path,
): Problem[] {
  const { to } = params;
  const destination = typeof to === 'string' && Object.hasOwn(connections, to) ? connections[to] : undefined;
  const findings = schema.check?.(params, destination) ?? [];
  return findings.map(({ path, message, suggestion }) =>
    document.at([...inside, ...path], error('action.params', message, suggestion)),
  );
}

function checkTexts(
  { document }: Checked,
  { problems, uses }: ParamsAnalysis,
  names: TextNames,
  inside: Path,
): Problem[] {
  return [
    ...problems.map(({ path, severity, message, ...place }) =>
      document.inText([...inside, ...path], place, { severity, code: `template.${severity}`, message }),
    ),
    ...uses.flatMap((use) => {
      const finding = useFinding(use, names);
      return finding === undefined ? [] : [document.inText([...inside, ...use.path], use, finding)];
    }),
  ];
}

function destinationFinding({ context }: Checked, schema: ActionSchema, to: unknown): Finding | undefined {
  const { destinations } = context;
  const kind = schema.destination;
  if (kind === OWN_SOURCE) return undefined;
  const fitting = Object.keys(destinations).filter((name) => destinations[name] === kind);
  if (typeof to !== 'string') {
    // Without `to` the event's own instance decides, once it is known.
    return fitting.length > 0
      ? undefined
      : error('action.no-connection', `there is no ${kind} connection to go to`);
  }
  if (fitting.includes(to)) return undefined;
  const others =
    fitting.length === 0 ? `there is no ${kind} connection at all` : `there are ${listed(fitting)}`;
  const suggestion = nearest(to, fitting);
  if (Object.hasOwn(destinations, to)) {
    const message = `"${to}" is a ${String(destinations[to])} connection, but "${schema.type}" needs one of kind ${kind}: ${others}`;
    return error('action.wrong-connection', message, suggestion);
  }
  return error('action.unknown-connection', `there is no connection "${to}"; ${others}`, suggestion);
}
