import { Inject, Injectable, Optional } from '@nestjs/common';
import { ACTION_SCHEMAS, INTERNAL_SCHEMAS } from '../../actions/action-schemas.js';
import type { Action } from '../../actions/action.js';
import { CONNECTIONS } from '../../config/app-config.js';
import { OWN_SOURCE } from '../../contracts/batch.js';
import type { Connections, Destination, OwnDestination } from '../../contracts/connections.js';
import type { Effect } from '../../contracts/effect.js';
import { Failure, permanent, postponed } from '../../contracts/failure.js';
import type { Claim, Entrant, LaneChange, LaneHold } from '../ledger-terms.js';
import { LANE_NEWS, type LaneNews } from './lane-news.js';
import { lanePaceOf } from './lane-pace.js';

type Held = Extract<Claim, { readonly verdict: 'lane' }>;

const WHY: Readonly<Record<LaneHold, string>> = {
  paused: 'is paused, so a person has to resume it',
  open: 'failed again and again and is left alone for a while',
  'half-open': 'is tried by one effect, since it failed before',
  disabled: 'asked to be sent nothing any more, so a person has to resume it',
  asked: 'asked to be left alone for a while',
  pace: 'gets no more than its pace allows',
};

/** What stands between an effect and its destination: whether that is configured, how often and whether it is sent to. */
@Injectable()
export class Gate {
  constructor(
    @Inject(CONNECTIONS) private readonly connections: Connections,
    @Optional() @Inject(LANE_NEWS) private readonly news?: LaneNews,
  ) {}

  /** Throws a permanent `Failure` when it is gone: the connections file may have changed since the effect was decided. */
  destinationOf({ to, type }: Effect): Destination | OwnDestination {
    const destination = this.connections.destinations[to];
    const kind = (ACTION_SCHEMAS.get(type) ?? INTERNAL_SCHEMAS.get(type))?.destination;
    if (kind === OWN_SOURCE) return { kind };
    if (destination !== undefined && destination.kind === kind) return destination;
    throw permanent('connection.missing', `No ${kind ?? ''} connection named "${to}" is configured.`);
  }

  /** The paces that an effect keeps. */
  pacesOf(
    effect: Effect,
    destination: Destination | OwnDestination,
    action: Action,
  ): Pick<Entrant, 'pace' | 'paces'> {
    return { pace: lanePaceOf(destination), paces: action.paces?.(effect, destination) ?? [] };
  }

  async tell({ to }: Effect, change: LaneChange | undefined): Promise<void> {
    if (change !== undefined) await this.news?.changed(to);
  }
}

/** Puts off an effect and all others to its destination. */
export function laneHeld({ to }: Effect, { why, until }: Held): Failure {
  const retry = { kind: 'lane', at: until } as const;
  return new Failure(`${to} ${WHY[why]}.`, { code: `lane.${why}`, retry, postponed: true });
}

/** Puts off an effect that has its turn then. */
export function turnAwaited({ to }: Effect, at: number): Failure {
  return postponed('effect.paced', `It is not its turn at ${to}.`, at);
}
