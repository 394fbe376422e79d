import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import { Health } from '../../../src/observability/health.js';
import { Metrics } from '../../../src/observability/metrics.js';
import type { RuleSet } from '../../../src/rules/engine/rule-set.js';
import { RuleStore } from '../../../src/rules/loading/rule-store.js';
import { eventually } from '../../support/eventually.js';

const event: CanonicalEvent = {
  id: '1',
  type: 'a.b',
  connection: 'a-source',
  source: 'test',
  time: '2026-03-09T16:04:05Z',
  receivedAt: '2026-03-09T16:04:05Z',
  stream: 'external',
  data: {},
  attributes: {},
  oddities: [],
};
const connections = {
  destinations: { ops: { kind: 'slack' as const, apiOrigin: 'https://slack.acme.example' } },
};

function ruleText(description = 'd', type = 'a.b'): string {
  const conditions = `{ "all": [{ "fact": "type", "operator": "equal", "value": "${type}" }] }`;
  const actions = '[{ "type": "slack", "params": { "to": "ops", "text": "{{ data.x }} {{ leadId }}" } }]';
  return `{ "description": "${description}", "on": "a.b", "conditions": ${conditions}, "actions": ${actions} }`;
}

describe('the rule store', () => {
  let rulesDir: string;
  let store: RuleStore;
  let health: Health;
  let swaps: RuleSet[];

  beforeEach(async () => {
    Logger.overrideLogger(false);
    rulesDir = join(await mkdtemp(join(tmpdir(), 'signalman-store-')), 'rules');
    await mkdir(rulesDir);
    await put('first', ruleText());
    health = new Health();
    store = new RuleStore({ rulesDir }, connections, new Metrics(), health);
    swaps = [];
    store.swaps.subscribe((ruleSet) => swaps.push(ruleSet));
    await store.onModuleInit();
  });
  afterEach(async () => {
    await store.onModuleDestroy();
    await rm(join(rulesDir, '..'), { recursive: true });
  });

  const put = (name: string, text: string) => writeFile(join(rulesDir, `${name}.json`), text);
  const makeAnother = async (folder: string) => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'another.json'), ruleText());
  };
  const firing = () =>
    store
      .current()
      .match(event)
      .map(({ rule }) => rule.id);

  it('has the rules in force once it has started, and tells health', async () => {
    expect(firing()).toEqual(['first']);
    expect(swaps).toHaveLength(1);
    expect(await health.report()).toEqual({
      rules: { ok: true, detail: '1 rule in force, 0 errors, 0 warnings' },
    });
  });

  it('follows a file that comes, changes, moves and goes', async () => {
    await put('second', ruleText());
    await eventually(() => firing().join() === 'first,second');
    await put('second', ruleText('d', 'other'));
    await eventually(() => firing().join() === 'first');
    await rename(join(rulesDir, 'first.json'), join(rulesDir, 'third.json'));
    await eventually(() => firing().join() === 'third');
    await rm(join(rulesDir, 'third.json'));
    await eventually(() => firing().length === 0);
    await mkdir(join(rulesDir, 'new/folder'), { recursive: true });
    await put('new/folder/fourth', ruleText());
    await eventually(() => firing().join() === 'new/folder/fourth');
  });

  it('keeps the last good version of a file that breaks, says so, and takes the mended one', async () => {
    const before = store.current();
    await put('first', ruleText().replace('equal', 'equals'));
    await eventually(() => store.problems().length === 1);
    expect(store.problems()).toMatchObject([{ code: 'operator.unknown', suggestion: 'equal' }]);
    expect(store.current()).toBe(before);
    expect(swaps).toHaveLength(1);
    await put('first', ruleText('mended'));
    await eventually(() => store.problems().length === 0);
    expect(store.sources().rules[0]?.description).toBe('mended');
    expect(store.current()).not.toBe(before);
  });

  it.each([
    ['goes for a while and comes back', () => rename(`${rulesDir}.away`, rulesDir)],
    ['is replaced by another', () => makeAnother(rulesDir)],
  ])('goes on following when the rules folder itself %s', async (_, bringBack) => {
    await rename(rulesDir, `${rulesDir}.away`);
    await eventually(() => store.problems()[0]?.code === 'folder.root-unreadable');
    expect(firing()).toEqual(['first']);
    // The rules read before are still in force, so events are still decided.
    expect(await health.report()).toMatchObject({
      rules: { ok: true, detail: expect.stringContaining('cannot be read') as string },
    });
    await bringBack();
    await eventually(() => store.problems().length === 0);
    await put('later', ruleText());
    await eventually(() => firing().includes('later'));
    expect(await health.report()).toMatchObject({ rules: { ok: true } });
  });

  it('goes on following when the rules folder is exchanged at one stroke', async () => {
    await makeAnother(`${rulesDir}.next`);
    await rename(rulesDir, `${rulesDir}.away`);
    await rename(`${rulesDir}.next`, rulesDir);
    await eventually(() => firing().join() === 'another');
    await put('later', ruleText());
    await eventually(() => firing().join() === 'another,later');
  });

  it('follows a folder that is reached through a link, and the link to another folder', async () => {
    const link = join(rulesDir, '../current');
    await symlink(rulesDir, link);
    await makeAnother(`${rulesDir}.next`);
    const linked = new RuleStore({ rulesDir: link }, connections, new Metrics(), new Health());
    const ids = () => linked.sources().rules.map(({ id }) => id);
    await linked.onModuleInit();
    try {
      await put('second', ruleText());
      await eventually(() => ids().join() === 'first,second');
      await symlink(`${rulesDir}.next`, `${link}.new`);
      await rename(`${link}.new`, link);
      await eventually(() => ids().join() === 'another');
    } finally {
      await linked.onModuleDestroy();
    }
  });

  it('picks up a folder that comes only after the start', async () => {
    const rulesLater = join(rulesDir, '../later/rules');
    const late = new RuleStore({ rulesDir: rulesLater }, connections, new Metrics(), health);
    await late.onModuleInit();
    try {
      const { rules } = await health.report();
      expect(rules?.ok).toBe(false);
      expect(rules?.detail).toContain(`the rules folder ${rulesLater} cannot be read: it is not there`);
      await makeAnother(rulesLater);
      await eventually(() => late.current().size === 1);
    } finally {
      await late.onModuleDestroy();
    }
  });

  it('is not ready while errors leave no rule in force, and is when there is nothing to be wrong', async () => {
    await rm(join(rulesDir, 'first.json'));
    await eventually(() => firing().length === 0);
    expect(await health.report()).toEqual({
      rules: { ok: true, detail: '0 rules in force, 0 errors, 0 warnings' },
    });
    await put('first', '{');
    await eventually(() => store.problems().length === 1);
    expect(await health.report()).toEqual({
      rules: { ok: false, detail: '0 rules in force, 1 error, 0 warnings' },
    });
  });

  it('swaps the whole set at once, and answers calls for a reload together', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `burst-${index}`);
    await Promise.all(names.map((name) => put(name, ruleText())));
    await Promise.all([store.reload(), store.reload(), store.reload()]);
    expect(firing()).toHaveLength(41);
    await store.reload();
    const versions = swaps.map(({ version }) => version);
    expect(new Set(versions).size).toBe(versions.length);
  });

  it('reloads a thousand changed rules without holding up traffic', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `many-${index}`);
    const writeAll = (word: string) =>
      Promise.all(names.map((name) => put(name, ruleText(`${word} ${name}`))));
    // Not started, so that it reads when it is told to and not while the files are being written.
    const still = new RuleStore({ rulesDir }, connections, new Metrics(), new Health());
    await writeAll('one');
    await still.reload();
    await writeAll('two');
    const blocked = watchBlocking();
    await still.reload();
    const share = blocked.stop();
    expect(still.current().size).toBe(1_001);
    expect(still.sources().rules.some(({ description }) => description === 'two many-999')).toBe(true);
    expect(share).toBeLessThan(1 / 3);
  });
});

/** The longest time for which nothing else got a turn, as a part of all; in time of the processor, which others do not lengthen. */
function watchBlocking(): { stop: () => number } {
  const cpu = (): number => {
    const { user, system } = process.cpuUsage();
    return user + system;
  };
  const began = cpu();
  let [longest, last] = [0, began];
  let handle = setImmediate(look);
  function look(): void {
    const now = cpu();
    [longest, last] = [Math.max(longest, now - last), now];
    handle = setImmediate(look);
  }
  return {
    stop: () => {
      clearImmediate(handle);
      return Math.max(longest, cpu() - last) / (cpu() - began);
    },
  };
}
