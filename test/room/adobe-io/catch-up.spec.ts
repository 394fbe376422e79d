import { CatchUp, type CatchUpCounts, type CatchUpOrder } from '../../../src/adobe-io/catch-up.js';
import { JournalClient } from '../../../src/adobe-io/journal/journal-client.js';
import type { RawBatch } from '../../../src/contracts/batch.js';
import type { AdobeSource } from '../../../src/contracts/connections.js';
import { failureOf } from '../../support/attempts.js';
import { eventually } from '../../support/eventually.js';
import { type Adobe, CLIENT, eventsOf, idsIn, startAdobe } from './adobe.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let adobe: Adobe;
let stored: RawBatch[];
let shown: { counts: CatchUpCounts; newest: number | undefined }[];
let room: (signal: AbortSignal) => Promise<void>;
let ending: AbortController;

beforeEach(async () => {
  adobe = await startAdobe();
  stored = [];
  shown = [];
  room = () => Promise.resolve();
  ending = new AbortController();
});
afterEach(() => adobe.close());

function source(): AdobeSource {
  return { kind: 'adobe', clientId: CLIENT.clientId, keyOrigin: '', ...adobe.standIn.source() };
}

async function read(changes: Partial<CatchUpOrder> = {}): Promise<CatchUpCounts> {
  const queue = {
    add: (batch: RawBatch) => {
      stored.push(batch);
      return Promise.resolve();
    },
  };
  const backlog = { whenRoom: (_bytes: number, signal?: AbortSignal) => room(signal ?? ending.signal) };
  const catchUp = new CatchUp(new JournalClient(adobe.api, adobe.pace), queue, backlog, adobe.pace);
  return catchUp.read(
    { name: 'marketo-io', source: source(), run: 'run-1', ...changes },
    { signal: ending.signal, onPage: (counts, { newest }) => shown.push({ counts, newest }) },
  );
}

const append = (...ids: string[]): void => {
  adobe.standIn.append(eventsOf(ids, adobe.pace.now()));
};
const pages = (): string[][] => stored.map(({ bodies }) => idsIn(bodies[0]));

it('stores all that Adobe has, page by page, under the name of its run', async () => {
  adobe.standIn.pageSize = 2;
  append('a', 'b', 'c');
  const at = adobe.pace.now();
  expect(await read()).toEqual({ events: 3, batches: 2 });
  expect(pages()).toEqual([['a', 'b'], ['c']]);
  expect(stored[0]).toMatchObject({ source: 'marketo-io', route: 'journal', mode: 'live', run: 'run-1' });
  expect(shown).toEqual([
    { counts: { events: 2, batches: 1 }, newest: at },
    { counts: { events: 3, batches: 2 }, newest: at },
  ]);
});

it('goes back only as far as it is told', async () => {
  append('a');
  adobe.pace.pass(7 * HOUR);
  append('b');
  adobe.pace.pass(5 * HOUR);
  expect(await read({ backMs: 6 * HOUR })).toEqual({ events: 1, batches: 1 });
  expect(pages()).toEqual([['b']]);
});

it('ends at what came after it began, however much more comes', async () => {
  adobe.standIn.pageSize = 1;
  append('a');
  room = () => {
    // Something comes with every page that is read.
    adobe.pace.pass(1_000);
    append(`later-${stored.length}`);
    return Promise.resolve();
  };
  expect(await read()).toEqual({ events: 2, batches: 2 });
});

it('ends between two pages when it is told to, and while it waits for room', async () => {
  adobe.standIn.pageSize = 1;
  append('a', 'b', 'c');
  room = async (signal) => {
    if (stored.length === 0) return;
    ending.abort();
    signal.throwIfAborted();
    await Promise.resolve();
  };
  expect(await read()).toEqual({ events: 1, batches: 1 });
  expect(pages()).toEqual([['a']]);
});

it('tries again what may pass, and waits as long as Adobe says', async () => {
  append('a');
  adobe.standIn.failNext({ path: '/events', httpStatus: 503 });
  adobe.standIn.failNext({ path: '/events', httpStatus: 429, headers: { 'retry-after': '7' } });
  const reading = read();
  await adobe.pace.idle();
  adobe.pace.pass(1_000);
  await eventually(() => adobe.pace.waits.length === 2);
  await adobe.pace.idle();
  adobe.pace.pass(7_000);
  expect(await reading).toEqual({ events: 1, batches: 1 });
  expect(adobe.pace.waits).toEqual([1_000, 7_000]);
});

it('gives up what does not pass, and says what to do', async () => {
  adobe.standIn.failNext({ path: '/events', httpStatus: 403 });
  const failure = await failureOf(read());
  expect(failure.code).toBe('adobe.403');
  expect(failure.message).toContain('I/O Management API');
});

it('begins anew when the place expires while it waits for room', async () => {
  adobe.standIn.pageSize = 1;
  append('a');
  adobe.pace.pass(HOUR);
  append('b');
  adobe.pace.pass(6 * DAY + 23 * HOUR);
  room = () => {
    if (stored.length === 0) adobe.pace.pass(1);
    return Promise.resolve();
  };
  expect(await read()).toEqual({ events: 2, batches: 2 });
  expect(pages()).toEqual([['a'], ['b']]);
});

it('gives up when Adobe says that all of its journal has expired', async () => {
  adobe.standIn.failNext({ path: '/events', httpStatus: 410, times: 100 });
  const reading = failureOf(read({ backMs: HOUR }));
  for (const pause of [1_000, 2_000, 4_000, 8_000]) {
    await adobe.pace.idle();
    adobe.pace.pass(pause);
  }
  expect((await reading).code).toBe('adobe.all_expired');
});

it('takes a breath after a page without events', async () => {
  const link = `<${new URL(adobe.journal.url).pathname}>; rel="next"`;
  adobe.standIn.failNext({ path: '/events', httpStatus: 200, body: '{"events":[]}', headers: { link } });
  const reading = read({ backMs: HOUR });
  await adobe.pace.idle();
  expect(adobe.pace.waits).toEqual([1_000]);
  adobe.pace.pass(1_000);
  expect(await reading).toEqual({ events: 0, batches: 0 });
});

it('refuses a source that has no journal', async () => {
  const bare: AdobeSource = { kind: 'adobe', clientId: 'c', keyOrigin: '', validationOrigin: '' };
  expect(await failureOf(read({ source: bare }))).toMatchObject({
    code: 'catch_up.no_journal',
    message: 'Source marketo-io has no journal: give it "ims" and "journal".',
  });
});

it('does not wait for an answer of Adobe when it is told to end', async () => {
  append('a');
  adobe.standIn.failNext({ path: '/events', hang: true });
  const reading = read();
  await eventually(() => adobe.standIn.requests.all().some(({ url }) => url.pathname.startsWith('/events')));
  ending.abort();
  expect(await reading).toEqual({ events: 0, batches: 0 });
});
