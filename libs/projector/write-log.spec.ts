import { describe, expect, it } from '@jest/globals';
import { recorded } from '../testing/in-memory-log.js';
import { BATCH_EVENTS } from './limits.js';
import type { LogBatch } from './log-source.js';
import { PageFeed } from './page-feed.js';
import type { PartitionWriter } from './partition-writer.js';
import { Slots } from './slots.js';
import { writeLog } from './write-log.js';

const SLOT_MS_MAX = 60_000;

async function* pages(...list: readonly LogBatch[]): AsyncIterable<LogBatch> {
  yield* list;
}

const page = (lastPosition: number, caughtUp: boolean, events = BATCH_EVENTS): LogBatch =>
  ({ lastPosition, caughtUp, events: Array.from({ length: events }, () => recorded({ type: 'AccountOpened', data: {} }, lastPosition, '2026-01-01T00:00:00.000Z')) });

/** A writer that says what it does, and commits when it is told to. */
function writer(name: string, said: string[], faults: { readonly fold?: Error } = {}) {
  let settle: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  let asked: () => void = () => undefined;
  const committing = new Promise<void>((resolve) => (asked = resolve));
  const fake = {
    fold: async ({ lastPosition }: LogBatch) => {
      said.push(`${name} folds ${lastPosition}`);
      if (faults.fold) throw faults.fold;
      return {};
    },
    commit: () => new Promise<boolean>((resolve, reject) => {
      settle = { resolve: () => resolve(true), reject };
      asked();
    }),
  };
  return { writers: [fake as unknown as PartitionWriter], committing, commit: () => settle!.resolve(), fail: (error: Error) => settle!.reject(error) }; // of a writer, writeLog uses these two
}

function write(name: string, said: string[], slots: Slots, list: readonly LogBatch[], faults: { readonly fold?: Error } = {}) {
  const { writers, ...control } = writer(name, said, faults);
  const feed = new PageFeed(new AbortController().signal);
  const reading = feed.pump(pages(...list));
  return { ...control, done: writeLog(feed, writers, () => undefined, slots).finally(() => reading) };
}

describe('logs that are written at the same time', () => {
  it('take slots while they are behind, each from folding to commit', async () => {
    const said: string[] = [];
    const slots = new Slots(1, SLOT_MS_MAX);
    const first = write('first', said, slots, [page(1, false)]);
    await first.committing;
    const second = write('second', said, slots, [page(2, false)]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(said).toEqual(['first folds 1']);
    first.commit();
    await second.committing;
    expect(said).toEqual(['first folds 1', 'second folds 2']);
    second.commit();
    await Promise.all([first.done, second.done]);
  });

  it('wait for none when they are caught up', async () => {
    const said: string[] = [];
    const slots = new Slots(1, SLOT_MS_MAX);
    const behind = write('behind', said, slots, [page(1, false)]);
    await behind.committing;
    const caughtUp = write('caught up', said, slots, [page(2, true, 1)]);
    await caughtUp.committing;
    expect(said).toEqual(['behind folds 1', 'caught up folds 2']);
    behind.commit();
    caughtUp.commit();
    await Promise.all([behind.done, caughtUp.done]);
  });

  it('give their slot back when a batch cannot be folded or committed', async () => {
    const said: string[] = [];
    const slots = new Slots(1, SLOT_MS_MAX);
    await expect(write('first', said, slots, [page(1, false)], { fold: new Error('cannot fold') }).done).rejects.toThrow('cannot fold');
    const second = write('second', said, slots, [page(2, false)]);
    await second.committing;
    second.fail(new Error('cannot commit'));
    await expect(second.done).rejects.toThrow('cannot commit');
    const third = write('third', said, slots, [page(3, false)]);
    await third.committing;
    third.commit();
    await third.done;
    expect(said).toEqual(['first folds 1', 'second folds 2', 'third folds 3']);
  });
});
