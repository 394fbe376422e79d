/** Which part of the line this process runs. */
export const ROLES = ['all', 'ingest', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** Everything that can be configured, read once at start and frozen. */
export interface AppConfig {
  readonly port: number;
  readonly host: string;
  /** Undefined: the app runs its own redis-server in `dataDir`. */
  readonly redisUrl?: string;
  /** Absolute path. */
  readonly dataDir: string;
  /** Absolute path. */
  readonly rulesDir: string;
  /** Absolute path; the file need not exist. */
  readonly connectionsFile: string;
  /** There is no connections file: everything goes to the sandbox, whose data is kept apart. */
  readonly sandbox: boolean;
  readonly role: Role;
  /** Folders and names of packages, as given; undefined: every folder in `./plugins`. */
  readonly plugins?: readonly string[];
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Addresses and networks (CIDR) of proxies whose `X-Forwarded-*` headers are believed; none unless given. */
  readonly trustedProxies: readonly string[];
  readonly limits: Limits;
}

/** How much may wait before the door asks senders to come again later. */
export interface Limits {
  /** Bytes of bodies that are stored and not yet seen through. */
  readonly backlogBytes: number;
  /** Batches that are stored and not yet seen through. */
  readonly backlogBatches: number;
  /** Effects that wait, of each lane a quarter of it at most; above it no further batch is decided, so that batches wait instead. */
  readonly backlogEffects: number;
  /** What the embedded Redis may use; undefined leaves the choice to redis/. */
  readonly redisBytes?: number;
}

/** Injection tokens of the two frozen objects that config/ provides. */
export const APP_CONFIG = Symbol('AppConfig');
export const CONNECTIONS = Symbol('Connections');
