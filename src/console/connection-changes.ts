import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import { SECRET_MEMBERS } from '../config/secret-members.js';
import type { Connections } from '../contracts/connections.js';
import { InForce } from '../journal/in-force.js';

/** Writes down which connections people changed since the last start. What a secret is does not go into it. */
@Injectable()
export class ConnectionChanges implements OnApplicationBootstrap {
  private readonly logger = new Logger('Console');

  constructor(
    @Inject(CONNECTIONS) private readonly connections: Connections,
    private readonly inForce: InForce,
  ) {}

  onApplicationBootstrap(): void {
    const { sources, destinations } = this.connections;
    const versions = Object.entries({ sources, destinations }).flatMap(([group, entries]) =>
      Object.entries<object>(entries).map(([name, entry]) => [`${group}/${name}`, digest(entry)] as const),
    );
    // A start does not wait for it.
    this.inForce.note('connection', new Map(versions)).catch((error: unknown) => {
      this.logger.error(`Changes of connections were not written down: ${String(error)}`);
    });
  }
}

function digest(entry: object): string {
  const secret = (name: string): boolean =>
    SECRET_MEMBERS.has(name) || (name === 'url' && 'urlIsSecret' in entry);
  const open = JSON.stringify(entry, (name, value: unknown) => (secret(name) ? undefined : value));
  return createHash('sha256').update(open).digest('hex').slice(0, 12);
}
