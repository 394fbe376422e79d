/** Tasks of one key run one after the other, in the order in which they came; others at the same time. */
export class Turns {
  private readonly last = new Map<string, Promise<void>>();

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const turn = this.last.get(key)?.then(task) ?? task();
    const over = () => {
      if (this.last.get(key) === end) this.last.delete(key);
    };
    const end: Promise<void> = turn.then(over, over);
    this.last.set(key, end);
    return turn;
  }
}
