import { Get, Inject } from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import type { DoorKind, Route } from '../contracts/batch.js';
import type { Connections, SourceConnection } from '../contracts/connections.js';
import { Api } from './api.js';
import { Requires } from './requires.js';

interface ListedSource {
  readonly name: string;
  readonly kind: DoorKind;
  /** How its events come. */
  readonly routes: Route[];
  /** Where it posts them, when they come by webhook. */
  readonly path?: string;
  /** It takes deliveries of anybody. */
  readonly insecure: boolean;
}

/** Who may send, without what they show to be let in. */
@Api('sources')
@Requires('viewer')
export class SourcesController {
  constructor(@Inject(CONNECTIONS) private readonly connections: Connections) {}

  @Get()
  list(): { sources: ListedSource[] } {
    return {
      sources: Object.entries(this.connections.sources).map(([name, source]) => listed(name, source)),
    };
  }
}

function listed(name: string, source: SourceConnection): ListedSource {
  const { kind } = source;
  const pushed = kind !== 'adobe' || source.webhook !== false;
  const pulled = kind === 'adobe' && source.journal !== undefined;
  return {
    name,
    kind,
    routes: [...(pushed ? (['webhook'] as const) : []), ...(pulled ? (['journal'] as const) : [])],
    ...(pushed ? { path: `/ingest/${kind}/${name}` } : {}),
    insecure: kind !== 'adobe' && source.insecure === true,
  };
}
