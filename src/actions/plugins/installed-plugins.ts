import type { Plugin } from '../plugin.js';

const installed: Plugin[] = [];

/** Every plug-in that was found to be in order since the process began; their kinds of actions are known. */
export const INSTALLED_PLUGINS: readonly Plugin[] = installed;

export function addInstalled(plugin: Plugin): void {
  installed.push(plugin);
}
