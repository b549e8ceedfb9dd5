import { afterEach, describe } from '@jest/globals';
import { InProcessClock } from '../../../libs/timers/in-process-clock.js';
import { holdsAlarmClockContract } from './alarm-clock-contract.js';

describe('the in-process clock', () => {
  let clock: InProcessClock;
  afterEach(() => clock.close());

  holdsAlarmClockContract(() => {
    const reports: string[] = [];
    clock = new InProcessClock((message) => reports.push(message));
    return { clock, reports };
  });
});
