import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

const turnOver = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('handle what comes alone at once', () => {
    const handled: number[] = [];
    new Turns<number>(3, (item) => handled.push(item)).add(1);
    expect(handled).toEqual([1]);
  });

  it('handle so much in one turn, the rest in its order in the turns that follow', async () => {
    const handled: number[] = [];
    const turns = new Turns<number>(3, (item) => handled.push(item));
    for (let item = 1; item <= 7; item += 1) turns.add(item);
    expect([handled, turns.waitingCount]).toEqual([[1, 2, 3], 4]);
    await turnOver();
    turns.add(8);
    expect([handled, turns.waitingCount]).toEqual([[1, 2, 3, 4, 5, 6], 2]);
    await turnOver();
    expect([handled, turns.waitingCount]).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], 0]);
    await turnOver();
    await turnOver();
    turns.add(9);
    expect(handled.at(-1)).toBe(9);
  });

  it('let happen between them what work has put off to the end of a turn', async () => {
    const told: string[] = [];
    const turns = new Turns<number>(1, (item) => {
      told.push(`${item}`);
      setImmediate(() => told.push(`end of ${item}`));
    });
    turns.add(1);
    turns.add(2);
    await turnOver();
    await turnOver();
    expect(told).toEqual(['1', 'end of 1', '2', 'end of 2']);
  });

  it('handle nothing more once cleared', async () => {
    const handled: number[] = [];
    const turns = new Turns<number>(1, (item) => handled.push(item));
    turns.add(1);
    turns.add(2);
    turns.clear();
    await turnOver();
    expect(handled).toEqual([1]);
  });
});
