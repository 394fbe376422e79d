import type { RawBatch } from '../../../src/contracts/batch.js';
import type { Chance } from '../../pure/engine/seeded.js';
import { ACTIVITY, batchOf, journalPage, PUSHED } from '../../support/delivery-samples.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
export const START = Date.parse('2026-05-04T10:00:00Z');

/** Something that a lead did. */
export interface Activity {
  readonly guid: string;
  readonly at: number;
}

/** What one request brings, on one of the ways. */
export interface Delivery {
  readonly way: 'webhook' | 'push';
  readonly activities: readonly Activity[];
  /** One more piece is in it, and it is no event. */
  readonly withJunk: boolean;
  readonly firstAt: number;
}

/** An activity in the journal. */
export interface Entry {
  readonly activity: Activity;
  readonly at: number;
}

/** What Adobe makes of an hour, a few days or two weeks, and on which ways it comes. */
export interface Happenings {
  readonly deliveries: readonly Delivery[];
  /** In the order of the journal, which is not that of the activities. */
  readonly journal: readonly Entry[];
  readonly end: number;
}

const JOURNAL_KEEPS_MS = 7 * DAY;

export function happenings(chance: Chance): Happenings {
  const span = chance.pick([HOUR, 2 * DAY, 12 * DAY]);
  const activities = Array.from({ length: 1 + chance.below(6) }, (_, i) => ({
    guid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    at: START + chance.below(span),
  })).sort((a, b) => a.at - b.at);
  const onWebhook = activities.filter(() => chance.happens(0.8));
  const onPush = chance.happens(0.4) ? activities : [];
  const journal = chance.happens(0.8) ? activities : [];
  return {
    deliveries: [...inDeliveries('webhook', onWebhook, chance), ...inDeliveries('push', onPush, chance)],
    journal: journal
      .map((activity) => ({ activity, at: activity.at + chance.below(5 * MINUTE) }))
      .sort((a, b) => a.at - b.at),
    end: START + span,
  };
}

function inDeliveries(way: Delivery['way'], activities: readonly Activity[], chance: Chance): Delivery[] {
  const deliveries: Delivery[] = [];
  for (let from = 0; from < activities.length;) {
    const [first, ...others] = activities.slice(from, from + 1 + chance.below(3));
    if (first === undefined) break;
    const some = [first, ...others.filter(({ at }) => at - first.at < DAY)];
    from += some.length;
    const firstAt = Math.max(...some.map(({ at }) => at)) + chance.below(MINUTE);
    deliveries.push({ way, activities: some, withJunk: chance.happens(0.1), firstAt });
  }
  return deliveries;
}

/**
 * When it is tried again that the `tried`-th attempt failed at `now`; undefined when it is given up. Adobe I/O tries
 * after 1, 2, 4, 8, 15, 15 … minutes for a day, the direct push every 3 minutes and keeps what waits for 7 days.
 */
export function nextAttempt({ way, firstAt }: Delivery, tried: number, now: number): number | undefined {
  const wait = way === 'push' ? 3 : Math.min(2 ** (tried - 1), 15);
  const next = now + wait * MINUTE;
  return next - firstAt <= (way === 'push' ? 7 * DAY : DAY) ? next : undefined;
}

/** What is in the journal behind a position, a few entries at a time. */
export function pageAfter(journal: readonly Entry[], position: number, now: number): Entry[] {
  const readable = journal.filter(
    ({ at }, index) => index >= position && at <= now && at > now - JOURNAL_KEEPS_MS,
  );
  return readable.slice(0, 3);
}

export function batchOfDelivery({ way, activities, withJunk }: Delivery, now: number): RawBatch {
  const junk = withJunk ? [{ nothing: 'known' }] : [];
  const batch =
    way === 'push'
      ? batchOf('marketo', { ...PUSHED, activities: [...activities.map(pushed), ...junk] })
      : batchOf(
          'adobe',
          activities.length + junk.length === 1
            ? activities.map(item)[0]
            : [...activities.map(item), ...junk],
        );
  return { ...batch, source: way === 'push' ? 'push' : 'io', receivedAt: isoOf(now) };
}

export function batchOfPage(page: readonly Entry[], now: number): RawBatch {
  const batch = batchOf('adobe', journalPage(...page.map(({ activity }) => item(activity))));
  return { ...batch, source: 'io', route: 'journal', receivedAt: isoOf(now) };
}

/** The id under which every way brings it. */
export function idOf({ guid }: Activity): string {
  return `${PUSHED.munchkinId}:${guid}`;
}

function item({ guid, at }: Activity): object {
  const { data } = ACTIVITY;
  return { ...ACTIVITY, id: guid, eventid: `io-${guid}`, data: { ...data, activityDate: isoOf(at) } };
}

function pushed({ guid, at }: Activity): object {
  return { ...PUSHED.activities[0], marketoGUID: guid, activityDate: isoOf(at) };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
