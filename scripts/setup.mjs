// Makes a fresh clone ready to run: packages, a Redis server, the build. Plain Node, because it runs before `npm ci`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installRedis } from './install-redis.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MINIMUM = [20, 12];
/** Inside node_modules, so that it goes when that goes. */
const STAMP = join(ROOT, 'node_modules', '.signalman-lock-hash');
/** Npm's own note of what it installed. */
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');

/** Does only what is missing; throws an `Error` with one sentence that says what to do. */
export function setUp() {
  checkNode();
  installPackages();
  if (!process.env.REDIS_URL && !hasRedis()) installRedis(hasRedis);
  build();
}

/** Runs a command of ours in the project's folder, its output going where ours goes. */
export function run(command, args, what) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${what} failed${error ? `: ${error.message}` : ''}.`);
}

/** The command of a package in node_modules. */
export function tool(name) {
  return join(ROOT, 'node_modules', '.bin', name);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  throw new Error(`Signalman needs Node ${MINIMUM.join('.')} or newer; this is ${process.versions.node}.`);
}

function installPackages() {
  const lock = join(ROOT, 'package-lock.json');
  const hash = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return;
  // Somebody installed them by hand after the lock file last changed.
  const byHand = existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(lock).mtimeMs;
  if (byHand) {
    writeFileSync(STAMP, hash);
    return;
  }
  console.log('Installing packages …');
  // Inside `npm start` npm hands its own options down by the environment; a production install lacks the build.
  run(
    'npm',
    ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    'Installing packages (`npm ci`)',
  );
  writeFileSync(STAMP, hash);
}

function hasRedis() {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/bin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ];
  return folders.some((folder) =>
    ['redis-server', 'valkey-server'].some((name) => existsSync(join(folder, name))),
  );
}

function build() {
  const main = join(ROOT, 'dist', 'main.js');
  if (existsSync(main) && newest() <= statSync(main).mtimeMs) return;
  console.log('Building …');
  run(tool('nest'), ['build'], 'The build (`npm run build`)');
}

/** When anything that the build reads was last changed, epoch milliseconds; folders tell of removed files. */
function newest() {
  const files = ['package-lock.json', 'tsconfig.json', 'nest-cli.json'].map((name) => join(ROOT, name));
  const src = join(ROOT, 'src');
  files.push(src);
  for (const name of readdirSync(src, { recursive: true })) files.push(join(src, name));
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    setUp();
    console.log('Ready: `npm start` runs Signalman.');
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
