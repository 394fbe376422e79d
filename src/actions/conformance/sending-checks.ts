import { isJsonObject } from '../../contracts/json.js';
import type { TakenRequest } from '../conformance-target.js';
import { expect, expectDone, expectFailure, failureIn } from './expect.js';
import type { Trials } from './trials.js';

/** What the ledger keeps of a request, and of an answer; bytes. */
const LONGEST_BODY = 16_384;
const LONGEST_ANSWER = 2_048;
/** Shorter words stand in a request by chance. */
const SHORTEST_WORD = 4;

/** How a kind sends when nothing is in the way. */
export function sendingChecks(trials: Trials) {
  const { target, subject } = trials;
  return {
    'sends an effect once, whole': async () => {
      expectDone(await trials.fresh());
      const taken = target.taken();
      expect(taken.length === 1, `the target took ${taken.length} requests for one effect`);
      for (const word of wordsIn(subject.params))
        expect(holds(taken[0]?.text ?? '', word), `the target never got "${word}"`);
    },

    'tells what it sent and what it was answered': async () => {
      const { sent, answered } = await trials.fresh();
      const [request, answer] = [sent.at(-1), answered.at(-1)];
      expect(request !== undefined, 'it does not tell what it sends');
      expect(answer !== undefined, 'it does not tell what it is answered');
      expect(request.method !== '' && request.target !== '', 'it does not tell what it calls');
      expect(Buffer.byteLength(request.body ?? '') <= LONGEST_BODY, 'it tells more than 16 kB of a body');
      expect(Buffer.byteLength(answer.text) <= LONGEST_ANSWER, 'it tells more than 2 kB of an answer');
    },

    'sends nothing when its time is up before it began': async () => {
      const failure = failureIn(await trials.fresh({ signal: AbortSignal.abort() }));
      expectFailure(failure, { retry: ['backoff', 'at', 'lane'], outcomeUnknown: false });
      expect(target.taken().length === 0, 'the target got it all the same');
    },

    'makes repeats that the target recognises': async () => {
      const first = await trials.fresh();
      expectDone(first);
      expectDone(await trials.attempt({ effect: first.effect }));
      const [one, again] = target.taken();
      expect(one !== undefined, 'the target took nothing');
      // A kind that reads first may see that there is nothing left to do.
      if (again === undefined) return;
      expect(
        keyIn(one, first.effect.id) === keyIn(again, first.effect.id),
        'the target cannot tell that the second request is the first again: pass the id of the effect on',
      );
    },
  };
}

/** What a target that looks for the id of the effect finds; a request without it is like no other. */
function keyIn({ key, text }: TakenRequest, id: string): unknown {
  return key ?? (text.includes(id) ? id : Symbol('unknown'));
}

function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length < SHORTEST_WORD ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(wordsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(wordsIn) : [];
}

/** As it is, in JSON, or in a URL. */
function holds(text: string, word: string): boolean {
  return [word, JSON.stringify(word).slice(1, -1), encodeURIComponent(word)].some((form) =>
    text.includes(form),
  );
}
