import { pathToFileURL } from 'node:url';
import type { SubjectTarget } from '../../actions/conformance-subject.js';
import { pluginConnection } from '../../actions/plugin-subject.js';
import type { Plugin, StartPluginTarget } from '../../actions/plugin.js';
import { errorDetails } from '../../contracts/error-details.js';
import { permanent } from '../../contracts/failure.js';

/** The target that a module of the plug-in's author starts. Throws a `Failure` when it does not. */
export async function ownPluginTarget(
  plugin: Plugin,
  file: string,
): Promise<{ readonly target: SubjectTarget; readonly close: () => Promise<void> }> {
  const started = await start(plugin, file);
  const { secrets, patienceMs, exempt } = started;
  // Member by member: it may be an object of a class of its own.
  const target: SubjectTarget = {
    connection: pluginConnection(plugin, started.connection),
    nowhere: pluginConnection(plugin, started.nowhere),
    secrets,
    ...(patienceMs === undefined ? {} : { patienceMs }),
    ...(exempt === undefined ? {} : { exempt }),
    fail: (fault) => {
      started.fail(fault);
    },
    clear: () => {
      started.clear();
    },
    taken: () => started.taken(),
    harm: () => started.harm?.(),
  };
  return { target, close: () => started.close() };
}

async function start(plugin: Plugin, file: string) {
  try {
    const { default: startTarget } = (await import(pathToFileURL(file).href)) as {
      default: StartPluginTarget;
    };
    return await startTarget(plugin);
  } catch (error) {
    throw permanent('plugin.no_target', `${file} starts no target: ${errorDetails(error).message}`, error);
  }
}
