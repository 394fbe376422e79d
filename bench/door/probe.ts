import { createServer } from 'node:http';

/** Loaded into a server before its own code: says on a port of its own what the process has used so far. */
export interface Usage {
  /** Milliseconds of processor, of all threads. */
  readonly cpuMs: number;
  /** Resident memory, bytes. */
  readonly rss: number;
}

const server = createServer((_request, response) => {
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpuMs: (user + system) / 1_000, rss: process.memoryUsage.rss() };
  response.end(JSON.stringify(usage));
});
server.listen(Number(process.env['PROBE_PORT']), '127.0.0.1');
server.unref();
