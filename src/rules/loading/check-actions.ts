import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import type { ActionSchema } from '../../contracts/action-kind.js';
import { OWN_SOURCE } from '../../contracts/batch.js';
import type { JsonObject } from '../../contracts/json.js';
import { nearest } from '../../contracts/nearest.js';
import type { RuleFile } from '../rule-schema.js';
import { checkParams } from '../templates/params.js';
import type { Checked } from './check-context.js';
import type { Path } from './jsonc-document.js';
import { listed } from './listed.js';
import { error, warning, type Finding, type Problem } from './problem.js';
import { checkShape } from './schema-findings.js';

/** What each action makes Marketo write, and so what could come back and fire the rule again. */
const ECHOES: Readonly<Record<string, readonly string[]>> = {
  'marketo.addToList': ['marketo.activity.addtolist'],
  'marketo.removeFromList': ['marketo.activity.removefromlist'],
  'marketo.changeScore': ['marketo.activity.changescore', 'marketo.activity.changedatavalue'],
  'marketo.syncLead': ['marketo.activity.changedatavalue', 'marketo.activity.newlead'],
  'marketo.requestCampaign': ['marketo.activity.requestcampaign'],
};

/** Checks every action: its kind, its parameters, its templates, where it goes, and whether it feeds its own rule. */
export function checkActions(checked: Checked, actions: RuleFile['actions']): Problem[] {
  return actions.flatMap(({ type, params }, index) => {
    const at = ['actions', index];
    const schema = ACTION_SCHEMAS.get(type);
    if (schema === undefined) return [checked.document.at([...at, 'type'], unknownKind(type))];
    return [
      ...checkLoop(checked, type, [...at, 'type']),
      ...checkAction(checked, schema, params, [...at, 'params']),
    ];
  });
}

function unknownKind(type: string): Finding {
  const suggestion = nearest(type, ACTION_SCHEMAS.keys());
  const kinds = suggestion === undefined ? `; there are ${listed(ACTION_SCHEMAS.keys())}` : '';
  return error('action.unknown', `unknown action "${type}"${kinds}`, suggestion);
}

function checkAction(checked: Checked, schema: ActionSchema, params: JsonObject, at: Path): Problem[] {
  const { document } = checked;
  const misshapen = checkShape(document, { schema: schema.params, value: params, at });
  if (misshapen.length > 0) return misshapen;
  const destination = destinationFinding(checked, schema, params['to']);
  const texts = checkParams(params, schema.params).map(({ path, severity, message, line, column }) =>
    document.inText([...at, ...path], { line, column }, { severity, code: `template.${severity}`, message }),
  );
  return destination === undefined ? texts : [document.at([...at, 'to'], destination), ...texts];
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

function checkLoop({ document, types = [] }: Checked, type: string, at: Path): Problem[] {
  const echo = ECHOES[type]?.find((each) => types.includes(each));
  if (echo === undefined) return [];
  const message = `"${type}" makes Marketo write ${echo}, which this rule is "on": it could fire itself without end`;
  return [document.at(at, warning('action.loop', message))];
}
