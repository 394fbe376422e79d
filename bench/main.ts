import { benchLine } from './line/line.js';
import { benchJudge } from './judge.js';
import { printJudge, printLine } from './report.js';

const line = await benchLine();
printLine(line);
const judge = await benchJudge();
printJudge(judge);
console.log(JSON.stringify({ line, judge }));
