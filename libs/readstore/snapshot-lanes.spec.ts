import { describe, expect, it } from '@jest/globals';
import { SnapshotLanes } from './snapshot-lanes.js';
import type { Sql } from './sql.js';

/** A connection whose statements are answered by hand. */
class Lane implements Sql {
  readonly asked: string[] = [];
  readonly #answers: (() => void)[] = [];

  query<R extends object>(text: string): Promise<R[]> {
    this.asked.push(text);
    return new Promise((resolve) => this.#answers.push(() => resolve([])));
  }

  answer(): void {
    this.#answers.shift()!();
  }

  script = (): Promise<void> => Promise.reject(new Error('not asked here'));
  copyIn = this.script;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the lanes of a snapshot', () => {
  it('answer at the same time what is asked at the same time, the rest in its order', async () => {
    const [one, other] = [new Lane(), new Lane()];
    let shortages = 0;
    const lanes = new SnapshotLanes(() => {
      if ((shortages += 1) === 1) void lanes.serve(other);
    });
    void lanes.serve(one);
    const answers = Promise.all(['a', 'b', 'c', 'd'].map((text) => lanes.query(text)));
    await settle();
    expect([one.asked, other.asked, shortages]).toEqual([['a'], ['b'], 3]);
    other.answer();
    await settle();
    expect([one.asked, other.asked]).toEqual([['a'], ['b', 'c']]);
    one.answer();
    await settle();
    expect([one.asked, other.asked]).toEqual([['a', 'd'], ['b', 'c']]);
    one.answer();
    other.answer();
    await answers;
  });

  it('let their connections go when nothing runs on them any more, and refuse what has not begun', async () => {
    const lane = new Lane();
    const lanes = new SnapshotLanes();
    const told: string[] = [];
    const served = lanes.serve(lane).then(() => told.push('free'));
    const [running, waiting] = [lanes.query('a').then(() => told.push('answered')), lanes.query('b')];
    const refused = expect(waiting).rejects.toThrow('the transaction is over');
    await settle();
    const over = lanes.end();
    await refused;
    await settle();
    expect(told).toEqual([]);
    lane.answer();
    await Promise.all([running, over, served]);
    expect([told, lane.asked]).toEqual([['answered', 'free'], ['a']]);
    await expect(lanes.query('late')).rejects.toThrow('the transaction is over');
  });

  it('let a connection go at once that comes when all is over', async () => {
    const lanes = new SnapshotLanes();
    await lanes.end();
    await lanes.serve(new Lane());
  });
});
