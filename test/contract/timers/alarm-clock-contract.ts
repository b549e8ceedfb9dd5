import { expect, it } from '@jest/globals';
import type { Alarm, AlarmClock, AlarmListener } from '../../../libs/timers/alarm-clock.js';

export interface ClockUnderTest {
  readonly clock: AlarmClock;
  /** What it reported. */
  readonly reports: readonly string[];
}

let alarms = 0;

/** An alarm in so many milliseconds, with an id like those of deadlines at their oddest. */
export function alarmIn(delayMs: number, id = `follow_up_missed|followUp-a.b~c!d|${(alarms += 1)}`): Alarm {
  const ringAt = new Date(Date.now() + delayMs).toISOString();
  return { id, ringAt, about: { kind: 'follow_up_missed', aggregateId: 'a.b~c:d', part: '', dueAt: ringAt } };
}

/** Remembers what rang and when; `rang(n)` resolves at the nth ring. */
export class Ears implements AlarmListener {
  readonly heard: { readonly alarm: Alarm; readonly atMs: number }[] = [];
  doubts = 0;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(private readonly work: (alarm: Alarm, time: number) => Promise<void> = () => Promise.resolve()) {}

  async ring(alarm: Alarm): Promise<void> {
    this.heard.push({ alarm, atMs: Date.now() });
    this.#waiting = this.#waiting.filter(({ count, resolve }) => (this.heard.length >= count ? resolve() : true));
    await this.work(alarm, this.heard.filter((each) => each.alarm.id === alarm.id).length);
  }

  doubt(): void {
    this.doubts += 1;
  }

  rang(count: number): Promise<void> {
    return this.heard.length >= count ? Promise.resolve() : new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  get ids(): string[] {
    return this.heard.map(({ alarm }) => alarm.id).sort();
  }
}

/** What every alarm clock does, whatever rings it. `opened` gives one that shares nothing with those before, and is closed by who opened it. */
export function holdsAlarmClockContract(opened: () => ClockUnderTest): void {
  /** Rings after all that was set before it: what had to ring has. */
  const last = async (clock: AlarmClock, ears: Ears, delayMs = 300): Promise<void> => {
    const end = alarmIn(delayMs, `end|${(alarms += 1)}`);
    await clock.set([end]);
    for (let count = 1; !ears.ids.includes(end.id); count += 1) await ears.rang(count);
  };

  it('rings each alarm once, with what it is for, and none before its time', async () => {
    const { clock } = opened();
    const ears = new Ears();
    await clock.start(ears);
    const set = [40, 250, 10, 120].map((delayMs) => alarmIn(delayMs));
    await clock.set(set);
    await last(clock, ears, 400);
    expect(ears.heard.slice(0, -1).map(({ alarm }) => alarm)).toEqual([...set].sort((a, b) => (a.ringAt < b.ringAt ? -1 : 1)));
    for (const { alarm, atMs } of ears.heard) expect(atMs).toBeGreaterThanOrEqual(Date.parse(alarm.ringAt));
  });

  it('rings at once what is past', async () => {
    const { clock } = opened();
    const ears = new Ears();
    await clock.start(ears);
    const past = alarmIn(-86_400_000);
    await clock.set([past]);
    await ears.rang(1);
    expect(ears.ids).toEqual([past.id]);
  });

  it('rings what was set before it was started', async () => {
    const { clock } = opened();
    const ears = new Ears();
    const early = alarmIn(-1);
    await clock.set([early]);
    await clock.start(ears);
    await ears.rang(1);
    expect(ears.ids).toEqual([early.id]);
  });

  it('rings once what is set many times: before, while and just after it rings', async () => {
    const { clock } = opened();
    const alarm = alarmIn(30);
    let finish: () => void = () => undefined;
    const ears = new Ears((rung) => (rung.id === alarm.id ? new Promise((resolve) => (finish = resolve)) : Promise.resolve()));
    await clock.start(ears);
    await Promise.all([clock.set([alarm]), clock.set([alarm, alarm])]);
    await ears.rang(1);
    await clock.set([alarm]);
    finish();
    await last(clock, ears);
    await clock.set([alarm]);
    await last(clock, ears);
    expect(ears.ids.filter((id) => id === alarm.id)).toHaveLength(1);
  });

  it('forgets an alarm whose ringing failed, says so, and rings it when it is set again', async () => {
    const { clock, reports } = opened();
    const alarm = alarmIn(-1);
    const ears = new Ears((rung, time) => (rung.id === alarm.id && time === 1 ? Promise.reject(new Error('no answer')) : Promise.resolve()));
    await clock.start(ears);
    await clock.set([alarm]);
    await ears.rang(1);
    await last(clock, ears);
    expect(ears.ids.filter((id) => id === alarm.id)).toHaveLength(1);
    expect(reports.join('\n')).toContain(alarm.id);
    await clock.set([alarm]);
    await last(clock, ears);
    expect(ears.ids.filter((id) => id === alarm.id)).toHaveLength(2);
  });

  it('waits for what is ringing before it is closed, and rings nothing after', async () => {
    const { clock } = opened();
    let done = false;
    let finish: () => void = () => undefined;
    const ears = new Ears(() => new Promise<void>((resolve) => (finish = resolve)).then(() => void (done = true)));
    await clock.start(ears);
    await clock.set([alarmIn(-1), alarmIn(60_000)]);
    await ears.rang(1);
    const closed = clock.close().then(() => done);
    finish();
    expect(await closed).toBe(true);
    expect(ears.heard).toHaveLength(1);
  });

  it('takes nothing to set', async () => {
    await opened().clock.set([]);
  });
}
