import { expect, expectDone, expectFailure } from './expect.js';
import type { Trial, Trials } from './trials.js';
import type { TargetFault } from '../conformance-target.js';

/** What people, and machines, type into the fields that rules put into messages. */
const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  'line breaks and headers': 'a\r\nBcc: everybody@acme.example\r\n\r\nb',
  'control characters': 'a\u0000b\u0007c\u001b[31md\u2028e\u202ef',
  'a mention of everybody': '<!channel> <@U012345> @everyone',
  markup: '<script>alert(1)</script><img src=x onerror=alert(1)>"\'&',
  'a template': '{{ lead.email }} {% for each in (1..1000000) %}x{% endfor %} ${7*7}',
  'half of a character': 'a\ud800b\udc00c',
  'a megabyte': 'x'.repeat(1_048_576),
  'nothing but blanks': ' \t ',
};

const FAULTS: readonly TargetFault[] = ['reset', 'cut', 'error', 'slow-down', 'refuse'];

/** What a kind does with texts that it did not write, and with those that nobody may see. */
export function textChecks(trials: Trials) {
  const { target, subject } = trials;
  return {
    'does no harm with texts that others wrote': async () => {
      for (const [what, text] of Object.entries(HOSTILE_TEXTS)) {
        const { failure } = await trials.fresh({ params: subject.withText?.(text) ?? {} });
        const taken = target.taken().length;
        expect(taken <= 1, `${what}: the target took ${taken} requests for one effect`);
        const harm = target.harm?.();
        expect(harm === undefined, `${what}: ${harm ?? ''}`);
        // What the target would not take is given up; trying it again and again would help nobody.
        if (failure !== undefined) expectFailure(failure, { retry: ['never'], outcomeUnknown: false });
      }
      expectDone(await trials.fresh());
    },

    'keeps the secrets of its connection': async () => {
      const done = await trials.fresh();
      const all = [done, await trials.fresh({ connection: target.nowhere })];
      for (const fault of FAULTS) all.push(await trials.fresh({ fault }));
      const texts = all.map(toldBy).join('\n');
      for (const secret of target.secrets)
        for (const form of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]))
          expect(!texts.includes(form), 'a secret of its connection stands in what it tells');
    },
  };
}

/** All that goes into the ledger and the log. */
function toldBy({ receipt, failure, sent, answered }: Trial): string {
  return JSON.stringify([receipt, failure?.code, failure?.message, sent, answered]);
}
