import { describe, expect, it } from '@jest/globals';
import { Lanes } from './lanes.js';

/** A task that ends when told. */
function task(name: string, log: string[]) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => { end = resolve; });
  const run = async () => {
    log.push(`${name} begins`);
    await ended;
    log.push(`${name} ends`);
  };
  return { run, end };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('rows carried out side by side', () => {
  it('run at the same time when they are about different aggregates, in order when about the same', async () => {
    const log: string[] = [];
    const lanes = new Lanes(10);
    const [a, b, c] = [task('a', log), task('b', log), task('c', log)];
    await lanes.start(['deal-1'], a.run);
    await lanes.start(['deal-1', 'deal-2'], b.run);
    await lanes.start(['deal-3'], c.run);
    await settle();
    expect(log).toEqual(['a begins', 'c begins']);
    a.end();
    await settle();
    expect(log).toEqual(['a begins', 'c begins', 'a ends', 'b begins']);
    b.end();
    c.end();
    await lanes.done();
  });

  it('are never more than the limit', async () => {
    const log: string[] = [];
    const lanes = new Lanes(1);
    const first = task('first', log);
    const second = task('second', log);
    await lanes.start(['1'], first.run);
    const started = lanes.start(['2'], second.run);
    await settle();
    expect(log).toEqual(['first begins']);
    first.end();
    second.end();
    await started;
    await lanes.done();
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('can wait for all rows before them', async () => {
    const log: string[] = [];
    const lanes = new Lanes(10);
    const slow = task('slow', log);
    await lanes.start(['1'], slow.run);
    await lanes.start(['2'], async (earlier) => {
      await earlier();
      log.push('after');
    });
    await settle();
    slow.end();
    await lanes.done();
    expect(log).toEqual(['slow begins', 'slow ends', 'after']);
  });

  it('stop with the first failure, which the one who starts them learns', async () => {
    const lanes = new Lanes(2);
    await lanes.start(['1'], () => Promise.reject(new Error('the store is gone')));
    await expect(lanes.done()).rejects.toThrow('the store is gone');
    await expect(lanes.start(['2'], () => Promise.resolve())).rejects.toThrow('the store is gone');
  });
});
