import { Turns } from './turns.js';

describe('turns', () => {
  it('run tasks of one key one after the other, and others at the same time, whatever fails', async () => {
    const turns = new Turns();
    const under: Record<string, number> = {};
    const order: string[] = [];
    const task = (key: string, name: string) => async () => {
      under[key] = (under[key] ?? 0) + 1;
      order.push(name);
      await Promise.resolve();
      expect(under[key]).toBe(1);
      under[key] -= 1;
      if (name === 'a2') throw new Error('no');
      return name;
    };
    const wanted = ['a1', 'b1', 'a2', 'a3'].map((name) =>
      turns.run(name.charAt(0), task(name.charAt(0), name)),
    );
    const settled = await Promise.allSettled(wanted);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(order).toEqual(['a1', 'b1', 'a2', 'a3']);
    expect(await turns.run('a', task('a', 'a4'))).toBe('a4');
  });
});
