import { readdirSync } from 'node:fs';
import { readEventFile, readJsonFile } from './event-file.js';
import { addressedTo, kindOf, renewed } from './sample.js';

const NOW = new Date('2026-05-01T10:00:00Z');
// The others are for `signalman import`, which reads rows and lines.
const samples = readdirSync('samples')
  .filter((name) => name.endsWith('.json'))
  .map((name) => `samples/${name}`);

it.each([
  ['samples/lead-activity.json', 'adobe'],
  ['samples/lead-activity-push.json', 'marketo'],
  ['samples/user-audit-v1.json', 'adobe'],
  ['samples/notification-batch.json', 'adobe'],
  ['samples/cloudevents-batch.json', 'events'],
])('%s belongs to %s', async (file, kind) => {
  expect(kindOf(await readJsonFile(file))).toBe(kind);
});

it.each(samples)('every piece of %s can be read', async (file) => {
  const { events, unreadable } = await readEventFile(file, NOW);
  expect(unreadable).toEqual([]);
  expect(events.length).toBeGreaterThan(0);
  for (const { oddities } of events) expect(oddities.filter((oddity) => oddity !== 'odd-time')).toEqual([]);
});

it.each(samples)('%s sent anew is the same but for its ids and times', async (file) => {
  const body = await readJsonFile(file);
  const [first, second] = [renewed(body, NOW), renewed(body, NOW)];
  expect(first).not.toEqual(second);
  expect(shapeOf(first)).toEqual(shapeOf(body));
  expect(JSON.stringify(first)).toContain(NOW.toISOString());
});

it('keeps the events of a delivery as far apart as they were', () => {
  const [first, second] = ['2026-03-01T09:00:00Z', '2026-03-01T09:05:00Z'];
  const body = [
    { id: 'a', time: first },
    { id: 'b', time: second },
  ];
  expect(renewed(body, NOW)).toMatchObject([
    { time: '2026-05-01T09:55:00.000Z' },
    { time: '2026-05-01T10:00:00.000Z' },
  ]);
});

it.each(['samples/user-audit.json', 'samples/user-audit-v1.json', 'samples/lead-activity-batch.json'])(
  '%s can be addressed to another client',
  async (file) => {
    const text = JSON.stringify(addressedTo('me', await readJsonFile(file)));
    expect(text).toMatch(/"recipient_?client_?id":"me"/);
    expect(text).not.toContain('your_client_id');
  },
);

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}
