import { benchDoor } from './door/door.js';
import { benchJudge } from './judge.js';
import { benchLine } from './line/line.js';
import { benchMemory } from './memory.js';
import { benchPost } from './post/post.js';
import { printPost } from './post/print-post.js';
import { printDoor, printJudge, printLine, printMemory, printSeen } from './report.js';
import { benchSeen } from './seen.js';

/** Every part by the name by which it is asked for: `npm run bench -- judge`. */
const PARTS = new Map<string, () => Promise<unknown>>([
  ['line', () => show(benchLine, printLine)],
  ['post', () => show(benchPost, printPost)],
  ['door', () => show(benchDoor, printDoor)],
  ['judge', () => show(benchJudge, printJudge)],
  ['seen', () => show(benchSeen, printSeen)],
  ['memory', () => show(benchMemory, printMemory)],
]);

async function show<T>(bench: () => Promise<T>, print: (figures: T) => void): Promise<T> {
  const figures = await bench();
  print(figures);
  return figures;
}

const asked = process.argv.slice(2);
const figures: Record<string, unknown> = {};
for (const name of asked.length === 0 ? PARTS.keys() : asked) {
  const part = PARTS.get(name);
  if (part === undefined)
    throw new Error(`there is no part "${name}" of the bench, only ${[...PARTS.keys()].join(', ')}`);
  figures[name] = await part();
}
console.log(JSON.stringify(figures));
