import { eventually } from '../support/eventually.js';
import type { AppProcess } from './support/app-process.js';
import type { Doors } from './support/doors.js';
import { House } from './support/house.js';
import { rule, tell } from './support/rule.js';

const MB = 1_048_576;

/** What senders offer in all: far more than the process may grow by. */
const OFFERED = 600 * MB;
const BODY = Buffer.from(JSON.stringify([{ filler: 'x'.repeat(MB) }]));
const SENDERS = 16;

/** Beside what it has after its start: 64 MB on their way to Redis, the bodies that are being received, and garbage. */
const MAY_GROW = 250 * MB;

describe('the memory of a door that nobody empties', () => {
  let house: House;
  let app: AppProcess;
  let doors: Doors;

  beforeEach(async () => {
    house = await House.build({ 'tell.json': rule('marketo.activity.newlead', [tell('{{ leadId }}')]) });
    // No worker takes anything out.
    app = await house.start({ SIGNALMAN_ROLE: 'ingest', SIGNALMAN_BACKLOG_BYTES: '32mb' });
    doors = house.doors(app);
  });
  afterEach(async () => {
    await house.demolish();
  });

  async function residentBytes(): Promise<number> {
    const { body } = await doors.get('/metrics');
    return Number(/^process_resident_memory_bytes (\d+)/m.exec(body)?.[1]);
  }

  /** Sends all that is offered. @returns how often each status was answered, and the most memory that was seen. */
  async function offer(bytes = OFFERED): Promise<{ statuses: Map<number, number>; peak: number }> {
    const statuses = new Map<number, number>();
    let left = Math.ceil(bytes / BODY.length);
    let peak = 0;
    const sender = async (): Promise<void> => {
      while (left-- > 0) {
        const { status } = await doors.push(BODY);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (left % 20 === 0) peak = Math.max(peak, await residentBytes());
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    return { statuses, peak };
  }

  it('stays flat while it refuses what is too much, and Redis holds what it was told it may', async () => {
    const atStart = await residentBytes();
    const { statuses, peak } = await offer();
    expect([...statuses.keys()].sort()).toEqual([200, 503]);
    const stored = Number(await house.inside.redis.hget('{signalman}:backlog', 'bytes'));
    expect(stored).toBe((statuses.get(200) ?? 0) * BODY.length);
    // The limit, and what was on its way when it was reached.
    expect(stored).toBeLessThan(32 * MB + SENDERS * BODY.length);
    expect(peak - atStart).toBeLessThan(MAY_GROW);
  });

  it('stays flat while Redis hangs', async () => {
    await eventually(async () => (await doors.push(BODY)).status === 200);
    const atStart = await residentBytes();
    house.redis.pause();
    // Each sender waits for its 503, twice; what comes after the first time-outs finds no room.
    const { statuses, peak } = await offer(2 * SENDERS * BODY.length);
    house.redis.resume();
    expect([...statuses.keys()]).toEqual([503]);
    expect(peak - atStart).toBeLessThan(MAY_GROW);
    await eventually(async () => (await doors.push(BODY)).status === 200);
  });
});
