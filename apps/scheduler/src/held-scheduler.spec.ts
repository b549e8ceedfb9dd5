import { afterEach, describe, expect, it } from '@jest/globals';
import { deadlineSources } from '../../../libs/domain/deadlines.js';
import { InProcessClock } from '../../../libs/timers/in-process-clock.js';
import { Scheduler, type PendingDeadline } from '../../../libs/timers/scheduler.js';
import { HeldScheduler } from './held-scheduler.js';

const OVERDUE: PendingDeadline = { stream: 'followUp-f', kind: deadlineSources[0]!.kind, part: '', aggregateId: 'f', dueAt: '2026-01-01T09:00:00.000Z', ringAt: '2026-01-01T09:00:00.000Z', position: 1 };

describe('a scheduler that is held while a past is written', () => {
  let rung = 0;
  let opened = 0;
  let bell: () => void = () => undefined;
  const open = async (): Promise<Scheduler> => {
    opened += 1;
    const rows = { page: async () => [OVERDUE], position: async () => 1 };
    const send = async () => {
      rung += 1;
      bell();
      return 'carried_out' as const;
    };
    const scheduler = new Scheduler(rows, new InProcessClock(() => undefined), deadlineSources, send, () => undefined);
    await scheduler.start();
    return scheduler;
  };
  const scheduler = new HeldScheduler(open);
  afterEach(() => scheduler.close());

  it('rings nothing until the last hold is released, and then what is due', async () => {
    const heard = new Promise<void>((resolve) => { bell = resolve; });
    const [first, second] = [await scheduler.hold(), await scheduler.hold()];
    await scheduler.start();
    await first();
    expect([opened, rung]).toEqual([0, 0]);
    await second();
    await heard;
    expect([opened, rung]).toEqual([1, 1]);
  });

  it('stays still while the log is one that no alarm may ring in, says why, and rings once it is fit again', async () => {
    const before = opened;
    let reason: string | undefined = 'it is unfinished';
    const waiting = new HeldScheduler(open, async () => reason);
    await waiting.start();
    expect([opened, waiting.heldFor]).toEqual([before, 'it is unfinished']);
    const release = await waiting.hold();
    reason = undefined;
    await release();
    expect([opened, waiting.heldFor]).toEqual([before + 1, undefined]);
    await waiting.close();
  });

  it('does not start anew for a hold that is released after it was closed', async () => {
    await scheduler.start();
    const before = opened;
    const release = await scheduler.hold();
    await scheduler.close();
    await release();
    expect(opened).toBe(before);
  });
});
