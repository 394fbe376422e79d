import 'reflect-metadata';
import { loadConfig } from '../config/load-config.js';
import { runCli } from './program.js';
import { processTerminal, unlessNobodyReads } from './terminal/terminal.js';

process.stdout.on('error', unlessNobodyReads);

await runCli(process.argv.slice(2), processTerminal(), () => loadConfig(process.env));
