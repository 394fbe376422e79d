import { ACTION_SCHEMAS } from './action-schemas.js';
import type { Action } from './action.js';
import { Actions } from './actions.js';
import { openActions } from '../../test/support/open-actions.js';

const sender = (type: string): Action => ({
  type,
  repeatable: true,
  timeoutMs: 1,
  send: () => Promise.resolve({ summary: 'done' }),
});
const release = () => undefined;

describe('the senders', () => {
  it('are there for every schema', async () => {
    const { actions, close } = openActions({ now: () => 0 });
    for (const type of ACTION_SCHEMAS.keys()) expect(actions.get(type).type).toBe(type);
    await close();
  });

  it.each([
    [['a'], ['a', 'b'], 'b has no sender'],
    [['a', 'b'], ['a'], 'b has no schema'],
    [['a', 'a'], ['a'], 'a has two senders'],
  ])('%j do not start with the schemas %j', (senders, schemas, reason) => {
    expect(() => new Actions(senders.map(sender), release, new Set(schemas))).toThrow(reason);
  });

  it('refuse a kind that is not known, for good', () => {
    const actions = new Actions([sender('a')], release, new Set(['a']));
    expect(() => actions.get('b')).toThrow(
      expect.objectContaining({ code: 'action.unknown', retry: { kind: 'never' } }) as Error,
    );
  });
});
