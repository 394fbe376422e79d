import type { NewSilence } from '../../state/new-silence.js';

/** What `silence add` was told. */
export interface SilenceOptions {
  readonly rules: string;
  readonly reason: string;
  /** Milliseconds. */
  readonly for?: number;
  readonly until?: string;
  readonly from?: string;
  readonly every?: string;
  readonly zone?: string;
  readonly lead?: string;
  readonly instance?: string;
  readonly type?: string;
  readonly owner?: string;
}

/** The silence that the options ask for, or which of them are missing or too many. `now`: epoch milliseconds. */
export function silenceWanted(
  options: SilenceOptions,
  { now, user }: { readonly now: number; readonly user: string },
): NewSilence | { readonly problem: string } {
  const { rules, reason, for: forMs, until, from, every, zone, owner = user } = options;
  const where = eventsOf(options);
  const common = {
    rules,
    reason,
    owner,
    createdBy: user,
    ...(from === undefined ? {} : { from }),
    ...(where === undefined ? {} : { where }),
  };
  if (every !== undefined) {
    if (forMs === undefined || until === undefined)
      return {
        problem: 'With --every say by --for how long each time is, and by --until when it ends for good.',
      };
    return { ...common, until, every: { cron: every, forMs, timeZone: zone ?? 'UTC' } };
  }
  if (zone !== undefined) return { problem: '--zone is the time zone of --every, which is missing.' };
  if (forMs !== undefined && from !== undefined)
    return { problem: 'With --from say by --until when it ends.' };
  if (forMs !== undefined && until === undefined)
    return { ...common, until: new Date(now + forMs).toISOString() };
  if (until === undefined || forMs !== undefined)
    return { problem: 'Say how long by --for, or when it ends by --until.' };
  return { ...common, until };
}

function eventsOf({ lead, instance, type }: SilenceOptions): NewSilence['where'] {
  if (lead === undefined && instance === undefined && type === undefined) return undefined;
  return {
    ...(lead === undefined ? {} : { leadId: lead }),
    ...(instance === undefined ? {} : { munchkinId: instance }),
    ...(type === undefined ? {} : { type }),
  };
}
