#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  console.error('Signalman is not built yet. Run "npm start" or "npm run setup" first.');
  process.exitCode = 1;
}
