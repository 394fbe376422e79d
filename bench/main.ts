import { benchDoor } from './door/door.js';
import { benchLine } from './line/line.js';
import { benchJudge } from './judge.js';
import { benchMemory } from './memory.js';
import { printDoor, printJudge, printLine, printMemory, printSeen } from './report.js';
import { benchSeen } from './seen.js';

const line = await benchLine();
printLine(line);
const door = await benchDoor();
printDoor(door);
const judge = await benchJudge();
printJudge(judge);
const seen = await benchSeen();
printSeen(seen);
const memory = await benchMemory();
printMemory(memory);
console.log(JSON.stringify({ line, door, judge, seen, memory }));
