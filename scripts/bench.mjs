// `npm run bench`, or `npm run bench -- judge` for a part: set-up, then the bench from a build of its own, so that
// `dist` stays what users run.
import { run, setUp, tool } from './setup.mjs';

try {
  setUp();
  run(
    tool('swc'),
    ['src', 'bench', 'test/support', '--config-file', 'bench/.swcrc', '-d', 'dist-bench', '--quiet'],
    'The build',
  );
  run(process.execPath, ['dist-bench/bench/main.js', ...process.argv.slice(2)], 'The bench');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
