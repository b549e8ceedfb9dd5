import type { AlarmClock, ReportTimer } from './alarm-clock.js';
import { BullmqClock } from './bullmq-clock.js';
import { InProcessClock } from './in-process-clock.js';

/** BullMQ on the Redis at `redisUrl`; without one the in-process clock. `name` is for people. */
export const openAlarmClock = (redisUrl: string | undefined, report: ReportTimer): { readonly clock: AlarmClock; readonly name: string } =>
  redisUrl === undefined ? { clock: new InProcessClock(report), name: 'in-process clock' } : { clock: new BullmqClock(redisUrl, report), name: 'BullMQ on the Redis at REDIS_URL' };
