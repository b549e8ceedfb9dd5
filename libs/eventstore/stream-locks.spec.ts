import { describe, expect, it } from '@jest/globals';
import { StreamLocks, TooManyWaiting, WAITING_MAX } from './stream-locks.js';

/** Work that says when it has begun and ends when it is told to. */
function work() {
  let end: () => void = () => undefined;
  let begun = false;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = (): Promise<void> => {
    begun = true;
    return ended;
  };
  return { run, end: () => end(), hasBegun: () => begun };
}
const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

describe('turns', () => {
  it('are taken one after the other on one stream, in order, and side by side on others', async () => {
    const locks = new StreamLocks();
    const [first, second, other] = [work(), work(), work()];
    const done = [locks.turn(['a'], first.run), locks.turn(['a'], second.run), locks.turn(['b'], other.run)];
    await settle();
    expect([first, second, other].map(({ hasBegun }) => hasBegun())).toEqual([true, false, true]);
    first.end();
    await done[0];
    await settle();
    expect(second.hasBegun()).toBe(true);
    second.end();
    other.end();
    await Promise.all(done);
  });

  it('of several streams at once never wait for each other in a circle', async () => {
    const locks = new StreamLocks();
    const order: string[] = [];
    const one = async (name: string, streams: string[]): Promise<void> => {
      await locks.turn(streams, async () => {
        await settle();
        order.push(name);
      });
    };
    await Promise.all([one('ab', ['a', 'b']), one('ba', ['b', 'a']), one('ab again', ['a', 'b'])]);
    expect(order).toEqual(['ab', 'ba', 'ab again']);
  });

  it('go on after work that failed', async () => {
    const locks = new StreamLocks();
    await expect(locks.turn(['a'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(locks.turn(['a'], () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('are refused beyond the number that may wait', async () => {
    const locks = new StreamLocks();
    const first = work();
    const done = [locks.turn(['a'], first.run)];
    for (let waiting = 0; waiting < WAITING_MAX; waiting += 1) done.push(locks.turn(['a'], () => Promise.resolve()));
    await expect(locks.turn(['a'], () => Promise.resolve())).rejects.toBeInstanceOf(TooManyWaiting);
    first.end();
    await Promise.all(done);
  });
});

describe('commits', () => {
  it('share facts, and keep who writes to those waiting', async () => {
    const locks = new StreamLocks();
    const [deal, lead, offboarding] = [work(), work(), work()];
    const done = [
      locks.commit(['deal'], ['member'], deal.run),
      locks.commit(['lead'], ['member'], lead.run),
      locks.commit(['member'], [], offboarding.run),
    ];
    await settle();
    expect([deal, lead, offboarding].map(({ hasBegun }) => hasBegun())).toEqual([true, true, false]);
    deal.end();
    lead.end();
    await Promise.all(done.slice(0, 2));
    await settle();
    expect(offboarding.hasBegun()).toBe(true);
    offboarding.end();
    await Promise.all(done);
  });

  it('let no later reader overtake a writer who waits', async () => {
    const locks = new StreamLocks();
    const [reader, writer, later] = [work(), work(), work()];
    const done = [
      locks.commit(['d1'], ['member'], reader.run),
      locks.commit(['member'], [], writer.run),
      locks.commit(['d2'], ['member'], later.run),
    ];
    await settle();
    expect([writer, later].map(({ hasBegun }) => hasBegun())).toEqual([false, false]);
    reader.end();
    await settle();
    expect([writer, later].map(({ hasBegun }) => hasBegun())).toEqual([true, false]);
    writer.end();
    await settle();
    expect(later.hasBegun()).toBe(true);
    later.end();
    await Promise.all(done);
  });

  it('make what was read of the stream before out of date, also where the append failed', async () => {
    const locks = new StreamLocks();
    const mark = locks.mark;
    await locks.commit(['a'], ['b'], () => Promise.resolve());
    expect([locks.isCurrent('a', mark), locks.isCurrent('b', mark), locks.isCurrent('a', locks.mark)]).toEqual([
      false,
      true,
      true,
    ]);
    const next = locks.mark;
    await locks.commit(['b'], [], () => Promise.reject(new Error('no answer'))).catch(() => undefined);
    expect(locks.isCurrent('b', next)).toBe(false);
  });
});
