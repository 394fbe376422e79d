import type { LaneSettings } from '../../../src/contracts/lane.js';
import { ConnectionsFile } from './connections-file.js';

describe('the lane of a destination', () => {
  let file: ConnectionsFile;
  beforeEach(() => {
    file = new ConnectionsFile();
  });
  afterEach(() => {
    file.remove();
  });

  const textOf = (lane: string, name = 'ops'): string =>
    `{ "destinations": { "${name}": { "kind": "slack", "webhookUrl": { "env": "SLACK_WEBHOOK_URL" }, "lane": ${lane} } } }`;

  it.each<[string, LaneSettings]>([
    ['{ "rate": "50/s" }', { pace: { everyMs: 20, burst: 50 } }],
    ['{ "rate": "100/20s", "burst": 20, "atOnce": 4 }', { pace: { everyMs: 200, burst: 20 }, atOnce: 4 }],
    ['{ "atOnce": 1 }', { atOnce: 1 }],
    ['{}', {}],
  ])('is read from %s', async (lane, settings) => {
    expect((await file.load(textOf(lane))).destinations['ops']?.lane).toEqual(settings);
  });

  it.each([
    ['{ "rate": "fast" }', /lane\.rate: give how often it may be sent to, such as "50\/s"/],
    ['{ "burst": 5 }', /lane\.rate: it is missing: give how often/],
    ['{ "atOnce": 0 }', /lane\.atOnce: give how many may be under way at once/],
    ['{ "atonce": 1 }', /lane\.atonce: .*atOnce/],
    ['5', /lane: give an object with rate, burst and atOnce/],
  ])('is refused when it is %s', async (lane, complaint) => {
    expect(await file.complaint(textOf(lane))).toMatch(complaint);
  });

  it('of the engine is its own', async () => {
    expect(await file.complaint(textOf('{}', 'signalman'))).toContain(
      'destinations.signalman: signalman is the name of our own destination: give it another name',
    );
  });
});
