import type { SubjectTarget } from '../../actions/conformance-subject.js';
import { pluginConnection } from '../../actions/plugin-subject.js';
import type { Plugin } from '../../actions/plugin.js';
import { permanent } from '../../contracts/failure.js';
import { HttpTarget } from '../../sandbox/http-target.js';
import { HTTP_FAULTS, NOWHERE } from './http-faults.js';

/**
 * A target for a plug-in that speaks HTTP: the member `url` of its example of a connection is made to lead there. Throws a
 * `Failure` when there is no such member.
 */
export async function httpPluginTarget(
  plugin: Plugin,
): Promise<{ readonly target: SubjectTarget; readonly close: () => Promise<void> }> {
  const { connection: example, answer } = plugin.examples;
  const url: unknown = Object.entries(example).find(([name]) => name === 'url')?.[1];
  if (typeof url !== 'string' || !URL.canParse(url)) {
    const sentence = `The example of a connection of "${plugin.type}" has no "url" that could lead to a target of ours`;
    throw permanent('plugin.no_url', `${sentence}: give a module that starts one by --target.`);
  }
  const server = new HttpTarget(answer);
  await server.listen('127.0.0.1', 0);
  const { pathname, search } = new URL(url);
  const at = (origin: string) => pluginConnection(plugin, { ...example, url: origin + pathname + search });
  const connection = at(server.origin);
  const target: SubjectTarget = {
    connection,
    nowhere: at(NOWHERE),
    // What stands before the path is no secret, and says where a request went.
    secrets: Object.values(connection.secrets)
      .flat()
      .map((secret) => secret.replace(server.origin, '')),
    fail: (fault) => {
      server.failNext(HTTP_FAULTS[fault]);
    },
    clear: () => {
      server.clear();
    },
    taken: () =>
      server.taken.all().map(({ method, url: called, headers, body }) => ({
        text: `${method} ${called.href}\n${JSON.stringify(headers)}\n${body.toString()}`,
      })),
  };
  return { target, close: () => server.close() };
}
