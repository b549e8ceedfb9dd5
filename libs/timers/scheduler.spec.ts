import { describe, expect, it } from '@jest/globals';
import { bookDeadline, DeadlineBook } from '../testing/deadline-book.js';
import type { Alarm, AlarmClock, AlarmListener } from './alarm-clock.js';
import { InProcessClock } from './in-process-clock.js';
import { HORIZON_MS, LOOK_EVERY_MS, PAGE_ROWS_MAX, RECONCILE_EVERY_MS, RETRY_MS, Scheduler, type SendTimerCommand } from './scheduler.js';
import { VirtualTime } from './virtual-time.js';

const NOON = '2026-03-02T12:00:00.000Z';
const HOUR_MS = 3_600_000;

/** A scheduler on virtual time. `break` lets parts fail. */
function setUp(send?: (book: DeadlineBook) => SendTimerCommand) {
  const time = new VirtualTime(NOON);
  const book = new DeadlineBook(() => time.nowMs());
  const reports: string[] = [];
  const report = (message: string): void => void reports.push(message);
  const scheduler = new Scheduler(book, new InProcessClock(report, time), [bookDeadline], send?.(book) ?? book.send, report, time);
  return { time, book, reports, scheduler, nowMs: () => time.nowMs() };
}

describe('the scheduler', () => {
  it('marks a deadline at its very moment, once', async () => {
    const { time, book, scheduler } = setUp();
    book.set('a', time.nowMs() + 90_000);
    await scheduler.start();
    await time.advance(HOUR_MS);
    expect(book.marks).toEqual([{ id: 'a', dueAt: '2026-03-02T12:01:30.000Z', lateMs: 0 }]);
    expect(book.sent).toBe(1);
    await scheduler.close();
  });

  it('sees a new deadline within half a second, however near it is due', async () => {
    const { time, book, scheduler } = setUp();
    await scheduler.start();
    await time.advance(10_000);
    book.set('a', time.nowMs() + 1);
    await time.advance(LOOK_EVERY_MS);
    expect(book.marks).toMatchObject([{ id: 'a' }]);
    expect(book.marks[0]!.lateMs).toBeLessThan(LOOK_EVERY_MS);
    await scheduler.close();
  });

  it('marks at once what fell due while it was not there', async () => {
    const { time, book, scheduler } = setUp();
    book.set('a', time.nowMs() - 30 * 24 * HOUR_MS);
    await scheduler.start();
    await time.advance(0);
    expect(book.marks).toMatchObject([{ id: 'a' }]);
    await scheduler.close();
  });

  it('keeps deadlines far ahead out of the clock, and rings them in time', async () => {
    const { time, book, scheduler } = setUp();
    for (let hour = 1; hour <= 3; hour += 1) book.set(`h${hour}`, time.nowMs() + hour * HOUR_MS);
    book.set('edge', time.nowMs() + HORIZON_MS + 1);
    await scheduler.start();
    await time.advance(3 * HOUR_MS);
    expect(book.marks.map(({ lateMs }) => lateMs)).toEqual(Array.from({ length: 4 }, () => 0));
    await scheduler.close();
  });

  it('marks a deadline that was moved at its new moment only', async () => {
    const { time, book, scheduler } = setUp();
    book.set('a', time.nowMs() + 60_000);
    book.set('b', time.nowMs() + 60_000);
    await scheduler.start();
    book.set('a', time.nowMs() + 120_000);
    book.clear('b');
    await time.advance(HOUR_MS);
    expect(book.marks).toEqual([{ id: 'a', dueAt: '2026-03-02T12:02:00.000Z', lateMs: 0 }]);
    await scheduler.close();
  });

  it('marks a deadline again that was set anew for the same moment after it was marked', async () => {
    const { time, book, scheduler } = setUp();
    const dueMs = time.nowMs() + 1_000;
    book.set('a', dueMs);
    await scheduler.start();
    await time.advance(2_000);
    book.set('a', dueMs);
    await time.advance(LOOK_EVERY_MS);
    expect(book.marks).toHaveLength(2);
    await scheduler.close();
  });

  it('takes more rows than a page holds', async () => {
    const { time, book, scheduler } = setUp();
    const count = 2 * PAGE_ROWS_MAX + 7;
    for (let index = 0; index < count; index += 1) book.set(`d:${index}`, time.nowMs() - index);
    await scheduler.start();
    await time.advance(LOOK_EVERY_MS);
    expect(new Set(book.marks.map(({ id }) => id)).size).toBe(count);
    expect(book.sent).toBe(count);
    await scheduler.close();
  });

  it('sends again soon what could not be sent, and says so', async () => {
    let failures = 3;
    const { time, book, scheduler, reports } = setUp(({ send }) => (command, cause) => ((failures -= 1) >= 0 ? Promise.reject(new Error('the event store does not answer')) : send(command, cause)));
    book.set('a', time.nowMs());
    await scheduler.start();
    await time.advance(3 * RETRY_MS + 2_000);
    expect(book.marks).toMatchObject([{ id: 'a' }]);
    expect(reports).toHaveLength(3);
    await scheduler.close();
  });

  it('sends again within a minute what was refused: the clock that decides may be behind', async () => {
    let behind = true;
    const { time, book, scheduler } = setUp(({ send }) => (command, cause) => (behind ? Promise.resolve('refused') : send(command, cause)));
    book.set('a', time.nowMs());
    await scheduler.start();
    await time.advance(1_000);
    behind = false;
    expect(book.marks).toEqual([]);
    await time.advance(RECONCILE_EVERY_MS + LOOK_EVERY_MS);
    expect(book.marks).toMatchObject([{ id: 'a' }]);
    await scheduler.close();
  });

  it('rings nothing early and all of it once when the clock jumps forward and back', async () => {
    const { time, book, scheduler } = setUp();
    for (let minute = 1; minute <= 120; minute += 1) book.set(`m${minute}`, time.nowMs() + minute * 60_000);
    await scheduler.start();
    await time.advance(60_000);
    time.jump(HOUR_MS);
    await time.advance(1_000);
    expect(book.marks).toHaveLength(61);
    time.jump(-HOUR_MS);
    await time.advance(HOUR_MS - 2_000);
    expect(book.marks).toHaveLength(61);
    await time.advance(HOUR_MS);
    expect(book.marks).toHaveLength(120);
    expect(new Set(book.marks.map(({ id }) => id)).size).toBe(120);
    expect(book.early).toBe(0);
    await scheduler.close();
  });

  it('is in time with what is planned after the clock was set back', async () => {
    const { time, book, scheduler } = setUp();
    await scheduler.start();
    time.jump(-HOUR_MS);
    book.set('a', time.nowMs() + 10 * 60_000);
    await time.advance(HOUR_MS);
    expect(book.marks).toMatchObject([{ id: 'a', lateMs: 0 }]);
    await scheduler.close();
  });

  it('goes on when the rows cannot be read for a while, and says so once', async () => {
    const { time, book, scheduler, reports } = setUp();
    const { position } = book;
    book.position = () => Promise.reject(new Error('the read store does not answer'));
    book.set('a', time.nowMs());
    await scheduler.start();
    await time.advance(4 * RETRY_MS);
    expect(reports).toEqual(['could not set alarms for deadlines; trying again']);
    expect(scheduler.problem()).toBe('alarms for deadlines cannot be set since 2026-03-02T12:00:00.000Z: the read store does not answer');
    book.position = position;
    await time.advance(RETRY_MS);
    expect(book.marks).toMatchObject([{ id: 'a' }]);
    expect(scheduler.problem()).toBeUndefined();
    expect(reports).toEqual(['could not set alarms for deadlines; trying again', 'alarms for deadlines are set again']);
    await scheduler.close();
  });

  it('sets everything again as soon as the clock has doubts', async () => {
    const time = new VirtualTime(NOON);
    const book = new DeadlineBook(() => time.nowMs());
    let listener: AlarmListener | undefined;
    const sets: string[][] = [];
    const clock: AlarmClock = { start: async (given) => void (listener = given), set: async (alarms: readonly Alarm[]) => void sets.push(alarms.map(({ id }) => id)), problem: () => undefined, close: async () => undefined };
    const scheduler = new Scheduler(book, clock, [bookDeadline], book.send, () => undefined, time);
    book.set('a:b', time.nowMs() + 100_000);
    await scheduler.start();
    await time.advance(10 * LOOK_EVERY_MS);
    expect(sets).toEqual([['book_deadline|book-a!b||2026-03-02T12!01!40.000Z|1']]);
    listener!.doubt();
    await time.advance(LOOK_EVERY_MS);
    expect(sets).toHaveLength(2);
    await scheduler.close();
  });

  it('sends what a scheduler before it had set, and what it knows nothing of it leaves', async () => {
    const { time, book, scheduler, reports } = setUp();
    const ringAt = new Date(time.nowMs()).toISOString();
    book.set('a', time.nowMs());
    await scheduler.clock.set(['book_deadline', 'unheard_of'].map((kind) => ({ id: `${kind}|old`, ringAt, about: { kind, aggregateId: 'a', part: '', dueAt: ringAt } })));
    await scheduler.start();
    await time.advance(0);
    expect(book.marks).toMatchObject([{ id: 'a' }]);
    expect(reports).toEqual(['an alarm failed, to be set again: unheard_of|old']);
    await scheduler.close();
  });
});
