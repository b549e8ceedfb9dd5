import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Slots } from './slots.js';

const SLOT_MS_MAX = 1_000;

/** Asks for a slot and tells when it came. */
function asks(slots: Slots, name: string, came: string[]): Promise<() => void> {
  return slots.take().then((end) => {
    came.push(name);
    return end;
  });
}

describe('slots', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('are had by so many at once, the others in the order in which they asked', async () => {
    const slots = new Slots(2, SLOT_MS_MAX);
    const came: string[] = [];
    const [first, second] = [asks(slots, 'a', came), asks(slots, 'b', came)];
    const [third, fourth] = [asks(slots, 'c', came), asks(slots, 'd', came)];
    await Promise.all([first, second]);
    expect(came).toEqual(['a', 'b']);
    (await second)();
    await third;
    expect(came).toEqual(['a', 'b', 'c']);
    (await first)();
    await fourth;
    expect(came).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are given back once, however often they are given back', async () => {
    const slots = new Slots(1, SLOT_MS_MAX);
    const came: string[] = [];
    const end = await asks(slots, 'a', came);
    const [second, third] = [asks(slots, 'b', came), asks(slots, 'c', came)];
    end();
    end();
    await second;
    await jest.advanceTimersByTimeAsync(SLOT_MS_MAX - 1);
    expect(came).toEqual(['a', 'b']);
    (await second)();
    await third;
  });

  it('are passed on when they are held too long, and giving them back then counts no longer', async () => {
    const slots = new Slots(1, SLOT_MS_MAX);
    const came: string[] = [];
    const stuck = await asks(slots, 'a', came);
    const second = asks(slots, 'b', came);
    const third = asks(slots, 'c', came);
    await jest.advanceTimersByTimeAsync(SLOT_MS_MAX);
    await second;
    stuck();
    await jest.advanceTimersByTimeAsync(SLOT_MS_MAX - 1);
    expect(came).toEqual(['a', 'b']);
    await jest.advanceTimersByTimeAsync(1);
    await third;
    expect(came).toEqual(['a', 'b', 'c']);
  });
});
