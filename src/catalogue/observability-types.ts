/** What the Data Ingestion Service tells about its own traffic. */
export interface ObservabilityType {
  readonly name: string;
  /** `marketo.observability.<kind>` */
  readonly type: string;
}

export const OBSERVABILITY_PREFIX = 'marketo.observability.';

/** `errors` can be subscribed to in Adobe's console, but its event code is not printed: it follows the pattern. */
export const OBSERVABILITY_TYPES: readonly ObservabilityType[] = [
  { name: 'Metrics', type: `${OBSERVABILITY_PREFIX}metrics` },
  { name: 'Results', type: `${OBSERVABILITY_PREFIX}results` },
  { name: 'Status', type: `${OBSERVABILITY_PREFIX}status` },
  { name: 'Errors', type: `${OBSERVABILITY_PREFIX}errors` },
];
