import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Turns } from './turns.js';

const TURN_MS_MAX = 1_000;

/** Asks for a turn and tells when it came. */
function asks(turns: Turns, name: string, came: string[]): Promise<() => void> {
  return turns.take().then((end) => {
    came.push(name);
    return end;
  });
}

describe('turns', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('are had by so many at once, the others in the order in which they asked', async () => {
    const turns = new Turns(2, TURN_MS_MAX);
    const came: string[] = [];
    const [first, second] = [asks(turns, 'a', came), asks(turns, 'b', came)];
    const [third, fourth] = [asks(turns, 'c', came), asks(turns, 'd', came)];
    await Promise.all([first, second]);
    expect(came).toEqual(['a', 'b']);
    (await second)();
    await third;
    expect(came).toEqual(['a', 'b', 'c']);
    (await first)();
    await fourth;
    expect(came).toEqual(['a', 'b', 'c', 'd']);
  });

  it('end once, however often they are ended', async () => {
    const turns = new Turns(1, TURN_MS_MAX);
    const came: string[] = [];
    const end = await asks(turns, 'a', came);
    const [second, third] = [asks(turns, 'b', came), asks(turns, 'c', came)];
    end();
    end();
    await second;
    await jest.advanceTimersByTimeAsync(TURN_MS_MAX - 1);
    expect(came).toEqual(['a', 'b']);
    (await second)();
    await third;
  });

  it('are passed on when they last too long, and then count no longer', async () => {
    const turns = new Turns(1, TURN_MS_MAX);
    const came: string[] = [];
    const stuck = await asks(turns, 'a', came);
    const second = asks(turns, 'b', came);
    const third = asks(turns, 'c', came);
    await jest.advanceTimersByTimeAsync(TURN_MS_MAX);
    await second;
    stuck();
    await jest.advanceTimersByTimeAsync(TURN_MS_MAX - 1);
    expect(came).toEqual(['a', 'b']);
    await jest.advanceTimersByTimeAsync(1);
    await third;
    expect(came).toEqual(['a', 'b', 'c']);
  });
});
