import { createHash } from 'node:crypto';
import type { EmailDestination } from '../../contracts/connections.js';
import type { Effect } from '../../contracts/effect.js';
import { digestParts } from './digest-parts.js';
import { contentOf } from './mail-content.js';
import type { Mail } from './smtp-pool.js';

/** Longest part of a List-Id before its domain; RFC 2919 allows 255 characters for all of it. */
const LONGEST_LABEL = 120;

/** The mail of one effect. `rest`: the recipients who do not have it yet. */
export function composeMail(effect: Effect, destination: EmailDestination, rest: readonly string[]): Mail {
  return {
    ...envelopeAndHeaders(destination, rest, listLabel(effect.ruleId)),
    ...contentOf(effect),
    messageId: `<${effect.id}@${domainOf(destination.from)}>`,
    date: new Date(effect.decidedAt),
  };
}

/** One mail for several effects; the same effects make the same `Message-ID`, in whatever order they come. */
export function composeDigest(
  effects: readonly Effect[],
  destination: EmailDestination,
  rest: readonly string[],
): Mail {
  const ids = effects.map(({ id }) => id).sort();
  const hash = createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 32);
  const [latest = ''] = effects.map(({ decidedAt }) => decidedAt).sort((a, b) => (a < b ? 1 : -1));
  return {
    ...envelopeAndHeaders(destination, rest, `digest.${effects[0]?.to ?? ''}`),
    ...digestParts(effects.map((effect) => ({ effect, ...contentOf(effect) }))),
    messageId: `<d${hash}@${domainOf(destination.from)}>`,
    date: new Date(latest),
  };
}

function envelopeAndHeaders(
  { from, to, bounces, unsubscribe }: EmailDestination,
  rest: readonly string[],
  label: string,
): Pick<Mail, 'from' | 'to' | 'envelope' | 'headers'> {
  const headers = {
    // Both ask out-of-office responders to stay quiet, so that no answer starts a conversation between programs.
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'List-Id': `<${label}.signalman.${domainOf(from)}>`,
    ...(unsubscribe === undefined ? {} : unsubscribeHeaders(unsubscribe)),
  };
  const envelope = { from: addressOf(bounces ?? from), to: rest.map(addressOf) };
  return { from, to: [...to], envelope, headers };
}

/** RFC 2369, and RFC 8058 for a page that takes one click. */
function unsubscribeHeaders(unsubscribe: string): Record<string, string> {
  const list = { 'List-Unsubscribe': `<${unsubscribe}>` };
  if (!unsubscribe.startsWith('https:')) return list;
  return { ...list, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/** `leads/us-without-state` becomes `leads.us-without-state`, so that mail programs can sort by rule. */
function listLabel(ruleId: string): string {
  const parts = ruleId.split('/').map((part) => part.replace(/[^A-Za-z0-9-]+/g, '-'));
  return parts.join('.').slice(0, LONGEST_LABEL).replace(/\.+$/, '');
}

/** `a@acme.example` of `Ops <a@acme.example>`. */
export function addressOf(mailbox: string): string {
  return /<([^<>]+)>/.exec(mailbox)?.[1] ?? mailbox;
}

function domainOf(from: string): string {
  return /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'signalman.invalid';
}
