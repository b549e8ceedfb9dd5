import { describe, expect, it } from '@jest/globals';
import { ReadQueue } from './read-queue.js';

/** A read that ends when told to. */
function held(): { readonly work: () => Promise<string>; readonly end: () => void; begun: boolean } {
  let end = (): void => undefined;
  const ended = new Promise<string>((resolve) => (end = () => resolve('read')));
  const read = { begun: false, end, work: () => ((read.begun = true), ended) };
  return read;
}

const LONG_MS = 600_000;

describe('reads', () => {
  it('run as many at once as may, wait as many as may, and are refused at once beyond; whoever ends hands over', async () => {
    const queue = new ReadQueue({ atOnce: 2, waitingMax: 2, waitMsMax: LONG_MS, statementMsMax: 1 });
    const reads = [held(), held(), held(), held()];
    const answers = reads.map(({ work }) => queue.run(work));
    await expect(queue.run(held().work)).rejects.toMatchObject({ kind: 'busy', message: 'the read store is busy: 2 reads run and 2 wait; ask again later, or for less at once' });
    expect(reads.map(({ begun }) => begun)).toEqual([true, true, false, false]);
    reads[0]!.end();
    await answers[0];
    expect(reads.map(({ begun }) => begun)).toEqual([true, true, true, false]);
    for (const { end } of reads) end();
    expect(await Promise.all(answers)).toEqual(['read', 'read', 'read', 'read']);
    await expect(queue.run(() => Promise.resolve('free again'))).resolves.toBe('free again');
  });

  it('hand over after a failure, too', async () => {
    const queue = new ReadQueue({ atOnce: 1, waitingMax: 1, waitMsMax: LONG_MS, statementMsMax: 1 });
    const failing = queue.run(() => Promise.reject(new Error('no')));
    const next = queue.run(() => Promise.resolve('next'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('next');
    expect(await queue.run(() => Promise.resolve('third'))).toBe('third');
  });

  it('wait no longer than they may, and leave no place taken', async () => {
    const queue = new ReadQueue({ atOnce: 1, waitingMax: 5, waitMsMax: 1, statementMsMax: 1 });
    const first = held();
    const answer = queue.run(first.work);
    const second = held();
    await expect(queue.run(second.work)).rejects.toMatchObject({ kind: 'busy' });
    first.end();
    await answer;
    expect(second.begun).toBe(false);
    expect(await queue.run(() => Promise.resolve('free'))).toBe('free');
  });
});
