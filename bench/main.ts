import { benchLine } from './line/line.js';
import { benchJudge } from './judge.js';
import { printJudge, printLine, printSeen } from './report.js';
import { benchSeen } from './seen.js';

const line = await benchLine();
printLine(line);
const judge = await benchJudge();
printJudge(judge);
const seen = await benchSeen();
printSeen(seen);
console.log(JSON.stringify({ line, judge, seen }));
