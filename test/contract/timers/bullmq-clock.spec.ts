import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SET_MS_MAX } from '../../../libs/timers/alarm-clock.js';
import { BullmqClock } from '../../../libs/timers/bullmq-clock.js';
import { describeOnRedis } from '../../../libs/testing/describe-on-redis.js';
import { startRedis, type TestRedis } from '../../../libs/testing/redis-server.js';
import { alarmIn, Ears, holdsAlarmClockContract } from './alarm-clock-contract.js';

let redis: TestRedis;

describeOnRedis('the clock of BullMQ on Redis', () => {
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  let opened: BullmqClock[] = [];
  const open = (queueName: string = randomUUID()) => {
    const reports: string[] = [];
    const clock = new BullmqClock(redis.url, (message, error) => reports.push(error instanceof Error ? `${message}: ${error.message}` : message), queueName);
    opened.push(clock);
    return { clock, reports };
  };
  afterEach(async () => {
    await Promise.all(opened.map((clock) => clock.close()));
    opened = [];
  });
  holdsAlarmClockContract(() => open());

  describe('shared by processes', () => {
    it('rings once what two of them set, in either', async () => {
      const name = randomUUID();
      const [one, other] = [open(name).clock, open(name).clock];
      const ears = new Ears();
      await Promise.all([one.start(ears), other.start(ears)]);
      const alarms = Array.from({ length: 100 }, (_, index) => alarmIn(50 + index));
      await Promise.all([one.set(alarms), other.set(alarms)]);
      await ears.rang(100);
      await Promise.all([one.close(), other.close()]);
      expect(ears.ids).toEqual(alarms.map(({ id }) => id).sort());
    });

    it('rings what one that is gone had set', async () => {
      const name = randomUUID();
      const gone = open(name).clock;
      const alarm = alarmIn(200);
      await gone.set([alarm]);
      await gone.close();
      const { clock } = open(name);
      const ears = new Ears();
      await clock.start(ears);
      await ears.rang(1);
      await clock.close();
      expect(ears.heard.map((each) => each.alarm)).toEqual([alarm]);
    });
  });

  it('refuses an id that BullMQ cannot keep', async () => {
    const { clock } = open();
    await expect(clock.set([alarmIn(0, 'deal-1:2')])).rejects.toThrow(/:/);
    await expect(clock.set([alarmIn(0, '4711')])).rejects.toThrow();
    await clock.close();
  });

  it('does not hang when Redis is away: it fails, says so once, and comes back with a doubt', async () => {
    const { clock, reports } = open();
    const ears = new Ears();
    await clock.start(ears);
    await clock.set([alarmIn(0)]);
    await ears.rang(1);
    await redis.kill();
    await expect(clock.set([alarmIn(0)])).rejects.toThrow();
    await expect(clock.set([alarmIn(0)])).rejects.toThrow();
    const isBack = () => reports.some((report) => report.startsWith('Redis is back'));
    // An alarm that rang just before may be doubted first, where only the other connection is back.
    const doubted = new Promise<void>((resolve) => (ears.doubt = () => isBack() && resolve()));
    await redis.restart();
    await doubted;
    const after = alarmIn(0);
    await clock.set([after]);
    await ears.rang(2);
    await clock.close();
    expect(ears.heard.at(-1)!.alarm).toEqual(after);
    expect(reports.filter((report) => report.startsWith('Redis does not answer'))).toHaveLength(1);
    expect(reports.filter((report) => report.startsWith('Redis is back'))).toHaveLength(1);
  });

  it('does not hang on a Redis that takes connections and never answers', async () => {
    const { clock } = open();
    await clock.set([alarmIn(60_000)]);
    redis.freeze();
    try {
      await expect(clock.set([alarmIn(60_000)])).rejects.toThrow(`took longer than ${SET_MS_MAX} ms`);
    } finally {
      redis.thaw();
    }
    await clock.close();
  });

  it('starts and closes without a Redis', async () => {
    await redis.kill();
    const { clock, reports } = open();
    try {
      await clock.start(new Ears());
      await expect(clock.set([alarmIn(0)])).rejects.toThrow();
    } finally {
      await clock.close();
      await redis.restart();
    }
    expect(reports).toHaveLength(1);
  });
});
