// `npm test`: set-up, then every check in turn; what follows `--` goes to Jest.
import { run, setUp, tool } from './setup.mjs';

const STEPS = [
  ['Types', tool('tsc'), ['--noEmit']],
  ['Lint', tool('eslint'), ['.', '--max-warnings', '0']],
  ['Format', tool('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['Arrows between rooms', tool('depcruise'), ['--config', '.dependency-cruiser.cjs', 'src']],
  ['Tests', tool('jest'), process.argv.slice(2)],
];

try {
  setUp();
  for (const [name, command, args] of STEPS) {
    console.log(`\n${name} …`);
    run(command, args, name);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
