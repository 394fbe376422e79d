import { basename } from 'node:path';
import { loadConnections } from '../../config/load-connections.js';
import type { AppConfig } from '../../config/app-config.js';
import { destinationKinds } from '../../rules/destinations.js';
import { compileSources } from '../../rules/loading/compile-sources.js';
import type { Problem } from '../../rules/loading/problem.js';
import { readRuleFolder } from '../../rules/loading/rule-folder.js';
import type { RuleSources } from '../../rules/rule.js';
import { SANDBOX_CONNECTIONS, SANDBOX_DESTINATIONS } from '../../sandbox/sandbox-destinations.js';

export interface LoadedRules {
  /** Everything that is free of errors. */
  readonly sources: RuleSources;
  readonly problems: readonly Problem[];
}

/** Reads and checks a rules folder as the app does, against the connections that the app would use. */
export async function loadRules(
  folder: string,
  { connectionsFile }: Pick<AppConfig, 'connectionsFile'>,
): Promise<LoadedRules> {
  const connections = await loadConnections(connectionsFile, process.env);
  const surroundings =
    connections === undefined
      ? { destinations: SANDBOX_DESTINATIONS, connections: SANDBOX_CONNECTIONS }
      : { destinations: destinationKinds(connections.destinations), connections: connections.destinations };
  const read = await readRuleFolder(folder, surroundings);
  const { sources, problems } = await compileSources(basename(folder), read.sources);
  return { sources, problems: [...read.problems, ...problems] };
}
