import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { InForce } from '../journal/in-force.js';
import { RuleStore } from './loading/rule-store.js';
import type { RuleSources } from './rule.js';

/** Writes down which rules, shared conditions and lists people changed, as soon as they are in force. */
@Injectable()
export class RuleChanges {
  private readonly logger = new Logger('Rules');

  constructor(store: RuleStore, inForce: InForce) {
    store.swaps.subscribe(() => {
      inForce.note('rule', versionsOf(store.sources())).catch((error: unknown) => {
        this.logger.error(`Changes of rules were not written down: ${String(error)}`);
      });
    });
  }
}

function versionsOf({ rules, conditions, lists }: RuleSources): Map<string, string> {
  return new Map([
    ...rules.map(
      ({ id, version, mode }) => [id, mode === 'live' ? version : `${version} (${mode})`] as const,
    ),
    ...Object.entries(conditions).map(([name, content]) => [`conditions/${name}`, digest(content)] as const),
    ...Object.entries(lists).map(([name, content]) => [`lists/${name}`, digest(content)] as const),
  ]);
}

function digest(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}
