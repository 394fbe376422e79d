import { recordedTerminal } from '../../test/support/recorded-terminal.js';
import type { AppConfig } from '../config/app-config.js';
import { explainCommand } from './explain.command.js';

async function explained(file: string): Promise<string[]> {
  const terminal = recordedTerminal();
  const config = { rulesDir: 'rules', connectionsFile: '/nowhere/connections.json' } as AppConfig;
  await explainCommand(terminal, () => config).parseAsync([file], { from: 'user' });
  return terminal.printed;
}

it('tells of the rules that matched before those that did not, event by event', async () => {
  const lines = await explained('samples/user-audit-batch.json');
  const marks = lines.flatMap((line) => {
    if (/^marketo\./.test(line)) return ['event'];
    const [, mark] = /^ {2}(\S) \S+\/\S+: /.exec(line) ?? [];
    return mark === undefined ? [] : [mark === '-' ? 'quiet' : 'matched'];
  });
  expect(marks).toContain('matched');
  expect(marks).toContain('quiet');
  expect(marks.join(' ')).not.toContain('quiet matched');
});

it('lets events come in when they happened, so that waits are counted from then', async () => {
  const lines = await explained('samples/lead-activity-batch.json');
  expect(lines).toContain(
    '  ✓ leads/guest-without-mail: matches and waits until 2026-03-11T16:12:02.000Z: acts unless something follows',
  );
  expect(lines).toContain('      then fires: nothing followed in time');
  expect(lines.find((line) => line.includes('guest on'))).toMatch(/^ {8}slack to ops /);
});
