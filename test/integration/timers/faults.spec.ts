import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { bookDeadline, DeadlineBook } from '../../../libs/testing/deadline-book.js';
import { describeOnRedis } from '../../../libs/testing/describe-on-redis.js';
import { startRedis, type TestRedis } from '../../../libs/testing/redis-server.js';
import { RINGING_MAX, type AlarmClock, type ReportTimer } from '../../../libs/timers/alarm-clock.js';
import { BullmqClock } from '../../../libs/timers/bullmq-clock.js';
import { InProcessClock } from '../../../libs/timers/in-process-clock.js';
import { RECONCILE_EVERY_MS, Scheduler } from '../../../libs/timers/scheduler.js';
import { systemTime } from '../../../libs/timers/time.js';
import { until } from './until.js';

/** The long form (PIPELEDGER_TIMER_FAULTS=long) waits for the minute's reconciliation as it is, and for a Redis that is away a whole minute; the short one reconciles every two seconds. */
const LONG = process.env['PIPELEDGER_TIMER_FAULTS'] === 'long';
const RECONCILE_MS = LONG ? RECONCILE_EVERY_MS : 2_000;
const OUTAGE_MS = LONG ? 60_000 : 2_000;
/** What is said of an outage, however long: Redis is away, alarms cannot be set, both again when they are over, and that Redis forgot what was ringing. */
const OUTAGE_REPORTS_MAX = 5;
const TEST_MS_MAX = LONG ? 240_000 : 150_000;
/** Normal running, of which the long form asks P99_LATE_MS_MAX: so many deadlines spread over a minute, and a burst of so many in one second in the middle of it. */
const NORMAL = LONG ? { spread: 3_000, spreadMs: 60_000, burst: 500 } : { spread: 300, spreadMs: 3_000, burst: 50 };
const P99_LATE_MS_MAX = 2_000;
const HOUR_MS = 3_600_000;
/** Far enough ahead that a slow machine has started a scheduler by then. */
const SOON_MS = 5_000;

let redis: TestRedis;
let running: Scheduler[] = [];

function scheduler(book: DeadlineBook, queueName: string, reports: string[] = [], reconcileMs = RECONCILE_MS): Scheduler {
  return started(book, (report) => new BullmqClock(redis.url, report, queueName), reports, reconcileMs);
}

function started(book: DeadlineBook, open: (report: ReportTimer) => AlarmClock, reports: string[], reconcileMs: number): Scheduler {
  const report = (message: string): void => void reports.push(message);
  const made = new Scheduler(book, open(report), [bookDeadline], book.send, report, systemTime, reconcileMs);
  running.push(made);
  return made;
}

/** Deadlines spread over a time that starts some time ahead. */
function fill(book: DeadlineBook, count: number, fromMs: number, spreadMs: number, name = 'd'): void {
  for (let index = 0; index < count; index += 1) book.set(`${name}:${index}`, fromMs + Math.floor((index * spreadMs) / count));
}

function expectEachOnce(book: DeadlineBook, count: number): void {
  expect(new Set(book.marks.map(({ id }) => id)).size).toBe(count);
  expect(book.marks).toHaveLength(count);
  expect(book.early).toBe(0);
}

async function normalRunning(schedulerOf: (book: DeadlineBook) => Scheduler): Promise<void> {
  const { spread, spreadMs, burst } = NORMAL;
  const book = new DeadlineBook();
  const fromMs = Date.now() + 1_500;
  fill(book, spread, fromMs, spreadMs);
  fill(book, burst, fromMs + spreadMs / 2, 1_000, 'burst');
  await schedulerOf(book).start();
  await book.marked(spread + burst);
  say('normal running', book);
  expectEachOnce(book, spread + burst);
  if (LONG) expect(book.p99LateMs).toBeLessThanOrEqual(P99_LATE_MS_MAX); // the short form shares its machine with other suites
}

/** The wall clock jumps: nothing rings early when it is set back, and all of it once when it is set ahead. */
async function jumps(schedulerOf: (book: DeadlineBook) => Scheduler): Promise<void> {
  const real = Date.now.bind(Date);
  let offsetMs = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => real() + offsetMs);
  const book = new DeadlineBook();
  fill(book, 200, Date.now() + 60_000, HOUR_MS - 120_000);
  const soonMs = Date.now() + SOON_MS;
  book.set('soon', soonMs);
  await schedulerOf(book).start();
  offsetMs = -HOUR_MS;
  await until(() => Promise.resolve(real() > soonMs + 500), 2 * SOON_MS); // its moment passes on the clock that was
  expect(book.marks).toEqual([]);
  offsetMs = HOUR_MS;
  await book.marked(201);
  expectEachOnce(book, 201);
}

const say = (what: string, book: DeadlineBook): boolean => process.stderr.write(`${what}: ${book.marks.length} marked, ${book.sent} rings, p99 late ${book.p99LateMs} ms\n`);

afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(running.map((each) => each.close()));
  running = [];
});

describe("deadlines on the process's own clock", () => {
  const inProcess = (book: DeadlineBook, reconcileMs = RECONCILE_MS): Scheduler => started(book, (report) => new InProcessClock(report), [], reconcileMs);

  it('are each marked once, and in time, in normal running', () => normalRunning((book) => inProcess(book, RECONCILE_EVERY_MS)), TEST_MS_MAX);

  it('are each marked once, and none early, 10,000 in the same second', async () => {
    const book = new DeadlineBook();
    fill(book, 10_000, Date.now() + 1_000, 1_000);
    await inProcess(book).start();
    await book.marked(10_000);
    say('10,000 in a second, in process', book);
    expectEachOnce(book, 10_000);
  }, TEST_MS_MAX);

  it('are each marked once by two schedulers at once, which both ring each', async () => {
    const book = new DeadlineBook();
    fill(book, 1_000, Date.now() + 500, 1_500);
    await Promise.all([inProcess(book).start(), inProcess(book).start()]);
    await book.marked(1_000);
    await until(() => Promise.resolve(book.sent === 2_000), TEST_MS_MAX);
    say('two schedulers, in process', book);
    expectEachOnce(book, 1_000);
  }, TEST_MS_MAX);

  it('are each marked once, and none early, when the wall clock jumps an hour ahead and back', () => jumps(inProcess), TEST_MS_MAX);
});

describeOnRedis('deadlines on Redis', () => {
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  it('are each marked once, and in time, in normal running', () => normalRunning((book) => scheduler(book, randomUUID(), [], RECONCILE_EVERY_MS)), TEST_MS_MAX);

  it('are each marked once, and none early, 10,000 in the same second', async () => {
    const book = new DeadlineBook();
    fill(book, 10_000, Date.now() + 4_000, 1_000);
    // Nothing is lost here, so that nothing has to be reconciled: setting thousands of alarms again every two seconds would slow down what is to be seen.
    await scheduler(book, randomUUID(), [], RECONCILE_EVERY_MS).start();
    await book.marked(10_000);
    say('10,000 in a second', book);
    expectEachOnce(book, 10_000);
  }, TEST_MS_MAX);

  it('are each marked once by two schedulers at once', async () => {
    const book = new DeadlineBook();
    const name = randomUUID();
    fill(book, 1_000, Date.now() + 500, 1_500);
    await Promise.all([scheduler(book, name).start(), scheduler(book, name).start()]);
    await book.marked(1_000);
    say('two schedulers', book);
    expectEachOnce(book, 1_000);
    expect(book.sent).toBe(1_000);
  }, TEST_MS_MAX);

  it('are each marked once after FLUSHALL with 1,000 of them pending', async () => {
    const book = new DeadlineBook();
    fill(book, 1_000, Date.now() + 1_500, 1_500);
    await scheduler(book, randomUUID()).start();
    expect(await redis.command('FLUSHALL')).toBe('+OK');
    await book.marked(1_000);
    say('FLUSHALL', book);
    expectEachOnce(book, 1_000);
  }, TEST_MS_MAX);

  it('are each marked once when Redis dies with all it holds and comes back later', async () => {
    const book = new DeadlineBook();
    const reports: string[] = [];
    fill(book, 1_000, Date.now() + 500, 3_000);
    await scheduler(book, randomUUID(), reports).start();
    await book.marked(50);
    await redis.kill();
    book.set('new while it is away', Date.now());
    const before = book.marks.length;
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS)); // an outage is a length of time
    expect(book.marks.length - before).toBeLessThanOrEqual(RINGING_MAX); // what was ringing may still end: nothing rings without Redis
    await redis.restart();
    await book.marked(1_001);
    say(`outage of ${OUTAGE_MS / 1_000} s`, book);
    expectEachOnce(book, 1_001);
    expect(reports.filter((report) => report.startsWith('Redis does not answer'))).toHaveLength(1);
    expect(reports.filter((report) => report.startsWith('Redis is back'))).toHaveLength(1);
    expect(reports.filter((report) => !report.startsWith('an alarm failed')).length).toBeLessThanOrEqual(OUTAGE_REPORTS_MAX);
  }, TEST_MS_MAX);

  it('are each marked once when Redis stops answering for a while', async () => {
    const book = new DeadlineBook();
    fill(book, 500, Date.now() + 500, 1_000);
    await scheduler(book, randomUUID()).start();
    await book.marked(50);
    redis.freeze();
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // an outage is a length of time
    redis.thaw();
    await book.marked(500);
    say('frozen for 2 s', book);
    expectEachOnce(book, 500);
  }, TEST_MS_MAX);

  it('are each marked once, and none early, when the wall clock jumps an hour ahead and back', () => jumps((book) => scheduler(book, randomUUID())), TEST_MS_MAX);
});
