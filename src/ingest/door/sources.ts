import { Inject, Injectable } from '@nestjs/common';
import { CONNECTIONS } from '../../config/app-config.js';
import type { DoorKind } from '../../contracts/batch.js';
import type { Connections, SourceConnection } from '../../contracts/connections.js';
import { unknownSource, wrongKind } from './door-error.js';

@Injectable()
export class Sources {
  constructor(@Inject(CONNECTIONS) private readonly connections: Connections) {}

  /** The source that a URL names. Throws 404 when there is none of this kind. */
  get<K extends DoorKind>(name: string, kind: K): Extract<SourceConnection, { kind: K }> {
    const source = this.find(name);
    if (source === undefined) throw unknownSource(name);
    if (source.kind !== kind) throw wrongKind(name, source.kind);
    return source as Extract<SourceConnection, { kind: K }>;
  }

  find(name: string): SourceConnection | undefined {
    return Object.hasOwn(this.connections.sources, name) ? this.connections.sources[name] : undefined;
  }
}
