// `npm start`: everything from a fresh clone to a running Signalman, in this one process.
import { setUp } from './setup.mjs';

const PARENT_EVERY_MS = 500;

try {
  setUp();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

// Npm passes SIGTERM and SIGINT on to us, but when it is killed with -9 it cannot: then we would run on unseen.
if (process.env.npm_lifecycle_event === 'start') {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, PARENT_EVERY_MS).unref();
}

await import('../dist/main.js');
