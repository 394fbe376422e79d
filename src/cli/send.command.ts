import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import type { DoorKind } from '../contracts/batch.js';
import type { SourceConnection } from '../contracts/connections.js';
import { permanent, transient } from '../contracts/failure.js';
import { isJsonObject, type JsonObject } from '../contracts/json.js';
import type { SenderAnswer } from '../sandbox/adobe-sender.js';
import { readJsonFile } from './events/event-file.js';
import { addressedTo, kindOf, renewed } from './events/sample.js';
import { postAsSender } from './events/post-as-sender.js';
import { sendToJournal } from './events/send-to-journal.js';
import { readSandboxFile, type SandboxFile } from '../sandbox/sandbox-file.js';
import type { Terminal } from './terminal/terminal.js';

const EXAMPLES = `
The app must run in its sandbox, which is what it does without a connections file. The delivery is addressed to the
sandbox's client and signed with its key, as Adobe would. Sent twice as it is, a file acts once: its events are
recognised. With --fresh they are new. What Adobe delivers stands in its journal as well, and comes a second time from
there; with --journal-only it comes from there alone, as if the webhook had missed it.

Examples:
  $ signalman send samples/lead-activity.json
  $ signalman send samples/cloudevent.json --fresh
  $ signalman send samples/lead-activity-batch.json --fresh --journal-only
  $ signalman send samples/notification.json --url http://127.0.0.1:8080`;

interface SendOptions {
  readonly source?: string;
  readonly url?: string;
  readonly fresh?: boolean;
  readonly journalOnly?: boolean;
}

/** Posts a file to the running app as its real sender would. */
export function sendCommand(terminal: Terminal, config: () => AppConfig): Command {
  return new Command('send')
    .description('post a signed sample to the running app')
    .argument('<file>', 'a delivery as Adobe, Marketo or a CloudEvents sender posts it; see samples/')
    .option('--source <name>', 'the source to send as; the first one that fits the file unless given')
    .option(
      '--url <url>',
      'where the app listens; as the sandbox noted it, or http://127.0.0.1:$PORT, unless given',
    )
    .option('--fresh', 'with new ids and the present time')
    .option('--journal-only', "put it only into Adobe's journal, as if the webhook had missed it")
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: SendOptions) => {
      const { dataDir, port } = config();
      const { fresh = false, journalOnly = false } = options;
      const read = await readJsonFile(file);
      const sandbox = await readSandboxFile(dataDir);
      const { name, source } = chooseSource(kindOf(read), options.source, sandbox);
      const own = source.kind === 'adobe' ? addressedTo(source.clientId, read) : read;
      const body = fresh ? renewed(own, new Date()) : own;
      if (source.kind === 'adobe' || journalOnly) await sendToJournal(name, source, body);
      if (journalOnly) terminal.print(`It is in the journal of ${name}, which the app reads all the time.`);
      else {
        const app = options.url ?? sandbox.appUrl ?? `http://127.0.0.1:${port}`;
        const target = `${app.replace(/\/+$/, '')}/ingest/${source.kind}/${name}`;
        const answer = await postAsSender(target, body, source, sandbox).catch((cause: unknown) => {
          const hint = options.url === undefined ? 'Started elsewhere? Give --url.' : 'Is the app running?';
          throw transient('send.no-answer', `${target} does not answer. ${hint}`, { cause });
        });
        tell(target, answer, terminal);
        if (!isGood(answer)) return;
      }
      terminal.print(`See what came of it: ${sandbox.overviewUrl}`);
      terminal.print(`Nothing there? npx signalman explain ${file} says why each rule fires or not.`);
    });
}

function chooseSource(
  kind: DoorKind,
  wanted: string | undefined,
  { connections }: SandboxFile,
): { name: string; source: SourceConnection } {
  const sources = Object.entries(connections.sources);
  const found = sources.find(([name, source]) =>
    wanted === undefined ? source.kind === kind : name === wanted,
  );
  if (found !== undefined) return { name: found[0], source: found[1] };
  const names = sources.map(([name]) => name).join(', ');
  throw permanent(
    'send.source',
    `The sandbox has no source ${wanted ?? `of kind ${kind}`}. It has ${names}.`,
  );
}

function tell(url: string, answer: SenderAnswer, { print, complain, paint, fail }: Terminal): void {
  const { status, body } = answer;
  const good = isGood(answer);
  print(`${good ? paint.green(String(status)) : paint.red(String(status))} ${url}`);
  if (body !== '') print(body);
  const { quarantined, error } = members(body);
  if (typeof quarantined === 'number' && quarantined > 0)
    print('Not everything could be read: npx signalman journal quarantine says what and why.');
  // The sandbox's own keys, clients and names fit an app that runs in it.
  if (status === 401 || status === 403 || error === 'unknown_source')
    complain('The app runs with connections of its own; send works only in the sandbox.');
  if (!good) fail();
}

function isGood({ status }: SenderAnswer): boolean {
  return status >= 200 && status < 300;
}

function members(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
