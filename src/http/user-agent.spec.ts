import { readFileSync } from 'node:fs';
import { USER_AGENT } from './user-agent.js';

it('names the version that package.json has', () => {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, string>;
  expect(USER_AGENT).toBe(`${name}/${version}`);
});
