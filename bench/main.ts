import { benchDoor } from './door/door.js';
import { benchLine } from './line/line.js';
import { benchJudge } from './judge.js';
import { printDoor, printJudge, printLine, printSeen } from './report.js';
import { benchSeen } from './seen.js';

const line = await benchLine();
printLine(line);
const door = await benchDoor();
printDoor(door);
const judge = await benchJudge();
printJudge(judge);
const seen = await benchSeen();
printSeen(seen);
console.log(JSON.stringify({ line, door, judge, seen }));
