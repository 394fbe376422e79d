import { Logger } from '@nestjs/common';
import type { Clock } from '../../contracts/clock.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import { transient } from '../../contracts/failure.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { instanceKey } from '../../contracts/munchkin-id.js';
import type { MarketoReads } from '../marketo-reads.js';
import { FieldNames } from './field-names.js';

const PATH = '/rest/v1/leads/describe.json';
const DAY_MS = 86_400_000;
const TIMEOUT_MS = 8_000;

/** What an instance told of its lead fields. */
interface Description {
  readonly names: FieldNames;
  /** Names that it does not know and that were told of. */
  readonly told: Set<string>;
}

/** Knows the lead fields of each instance: asks once a day, and keeps the answer in memory. */
export class LeadFields {
  private readonly logger = new Logger('LeadLookUp');
  private readonly known = new Map<
    string,
    { readonly until: number; readonly description: Promise<Description> }
  >();

  constructor(
    private readonly reads: MarketoReads,
    private readonly clock: Clock,
  ) {}

  /**
   * The names in the REST API for names as people write them. One that the instance does not know is left out, and told
   * of once a day. Throws a `Failure` when the fields cannot be had.
   */
  async restNames(instance: MarketoDestination, wanted: Iterable<string>): Promise<Map<string, string>> {
    const { names, told } = await this.describe(instance);
    const found = new Map<string, string>();
    for (const name of wanted) {
      const restName = names.find(name);
      if (restName !== undefined) found.set(name, restName);
      else if (!told.has(name)) {
        told.add(name);
        this.logger.warn(
          `Marketo instance ${instance.munchkinId} has no lead field "${name}" that can be read: rules find it empty.`,
        );
      }
    }
    return found;
  }

  /** The instance refuses to tell this field, so it counts as one that it does not know, until it is asked again. */
  async withhold(instance: MarketoDestination, restName: string): Promise<void> {
    (await this.describe(instance)).names.remove(restName);
  }

  private describe(instance: MarketoDestination): Promise<Description> {
    const key = instanceKey(instance.munchkinId);
    const now = this.clock.now();
    const known = this.known.get(key);
    if (known !== undefined && known.until > now) return known.description;
    const description = this.ask(instance);
    this.known.set(key, { until: now + DAY_MS, description });
    description.catch(() => this.known.delete(key));
    return description;
  }

  private async ask(instance: MarketoDestination): Promise<Description> {
    // A time of its own: shared by many look-ups, it must not end with the one that happened to ask.
    const rows = await this.reads.read(
      instance,
      { path: PATH, purpose: 'look-up' },
      AbortSignal.timeout(TIMEOUT_MS),
    );
    const names = new FieldNames(rows.flatMap(readField));
    // Without an id there is no lead; to believe it would empty every field for a day.
    if (names.find('id') === undefined)
      throw transient('marketo.unreadable', 'Marketo did not tell which fields its leads have');
    return { names, told: new Set() };
  }
}

/** Fields that only the older SOAP API knows have no `rest`. */
function readField({ displayName, rest }: JsonObject) {
  const name = isJsonObject(rest) ? rest['name'] : undefined;
  if (typeof name !== 'string') return [];
  return [{ restName: name, displayName: typeof displayName === 'string' ? displayName : name }];
}
