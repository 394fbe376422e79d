import type { SubjectTarget } from '../../../../src/actions/conformance-subject.js';
import { HTTP_FAULTS, NOWHERE } from '../../../../src/cli/plugin/http-faults.js';
import type { MarketoCall, MarketoStandIn } from '../../../../src/sandbox/marketo-stand-in.js';
import { isRefusal } from '../../../../src/sandbox/marketo/refusal.js';

/** Not the token: it is asked for before anything is written. */
const REST = { path: '/rest/' };

export function marketoTarget(
  marketo: MarketoStandIn,
  secrets: readonly string[],
  prepare: () => void,
): SubjectTarget {
  const connection = marketo.destination();
  return {
    connection,
    nowhere: { ...connection, origin: NOWHERE },
    secrets,
    patienceMs: 2_500,
    fail: (fault) => {
      marketo.failNext(
        fault === 'refuse'
          ? { code: '1003', body: 'not like this', ...REST }
          : { ...HTTP_FAULTS[fault], ...REST },
      );
    },
    clear: () => {
      marketo.clear();
      prepare();
    },
    taken: () => marketo.calls.all().filter(isWrite).map(textOf),
    harm: () => {
      const [violation] = marketo.violations.all();
      return violation === undefined
        ? undefined
        : `Marketo was called against its contract: ${violation.message}`;
    },
  };
}

function isWrite({ operationId, outcome }: MarketoCall): boolean {
  return !/^(?:get|are|is|describe)/.test(operationId) && !isRefusal(outcome);
}

/** Marketo keeps no ids of ours: it is what a call writes that makes it the same as another. */
function textOf(call: MarketoCall) {
  const { operationId, parameters, body } = call;
  const text = JSON.stringify({ operationId, parameters, body });
  return { text, key: text };
}
