// `npm test`: set-up, then every check in turn; what follows `--` goes to Jest.
import { run, setUp, tool } from './setup.mjs';

const STEPS = [
  ['Types', 'npm', ['run', '--silent', 'typecheck']],
  ['Lint, format, arrows between rooms', 'npm', ['run', '--silent', 'lint']],
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
