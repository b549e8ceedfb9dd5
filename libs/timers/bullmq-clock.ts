import { DelayedError, ErrorCode, Queue, UnrecoverableError, Worker, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import type { Instant } from '../kernel/event.js';
import { RINGING_MAX, RUNG_REMEMBERED_MS, SET_MS_MAX, type Alarm, type AlarmClock, type AlarmListener, type ReportTimer } from './alarm-clock.js';
import { parseAlarm } from './parse-alarm.js';
import { within } from './within.js';

const KEY_PREFIX = 'pipeledger';
const QUEUE_NAME = 'deadlines';
const RECONNECT_MS_MIN = 50;
const RECONNECT_MS_MAX = 2_000;
/** An alarm whose process died while it rang is rung by another after so long. */
const LOCK_MS = 5_000;
const STALLED_LOOK_MS = 2_500;
/** Processes that may die over the same alarm before it is forgotten; reconciliation then brings it back. */
const STALLED_MAX = 5;
const FETCH_RETRY_MS = 1_000;
const START_RETRY_MS = 1_000;
const CLOSE_MS_MAX = 5_000;
/** A connection that is closed waits so long for the other side's goodbye; a server that is gone says none. */
const GOODBYE_MS_MAX = 250;
/** Nobody reads BullMQ's own event stream here. */
const BULLMQ_EVENTS_KEPT = 100;

/** Errors that the connection tells itself, and BullMQ once more. */
const isOfConnection = (error: Error): boolean => 'syscall' in error || /connection|stream isn't writeable/i.test(error.message);

/** What BullMQ says where Redis no longer has the job that was ringing, or where its lock ran out and another process has taken it. */
const codeOf = (error: Error): unknown => Reflect.get(error, 'code');
/** That is said of every alarm that rang; once in so long is enough. */
const TOLD_EVERY_MS = 60_000;

/** Alarms as delayed jobs of BullMQ: any number of processes set and ring them. Redis may lose them all; the rows bring them back. */
export class BullmqClock implements AlarmClock {
  readonly #setting: Redis;
  readonly #ringing: Redis;
  readonly #closing = new AbortController();
  #queue: Queue<Alarm> | undefined;
  #worker: Worker<Alarm> | undefined;
  #listener: AlarmListener | undefined;
  readonly #away = new Set<Redis>();
  #awaySince: Instant | undefined;
  #lossToldAtMs = Number.NEGATIVE_INFINITY;

  /** `queueName` keeps clocks on one Redis apart. */
  constructor(redisUrl: string, readonly report: ReportTimer, readonly queueName: string = QUEUE_NAME) {
    // BullMQ makes a second connection like the ringing one: once closed, that one gives up as well.
    const retryStrategy = (times: number): number | null => (this.#closing.signal.aborted ? null : Math.min(times * RECONNECT_MS_MIN, RECONNECT_MS_MAX));
    // BullMQ wants its blocking connection to wait for ever; the one that sets alarms fails at once instead.
    this.#setting = new Redis(redisUrl, { retryStrategy, maxRetriesPerRequest: 1, enableOfflineQueue: false, lazyConnect: true, disconnectTimeout: GOODBYE_MS_MAX });
    this.#ringing = new Redis(redisUrl, { retryStrategy, maxRetriesPerRequest: null, lazyConnect: true, disconnectTimeout: GOODBYE_MS_MAX });
    for (const connection of [this.#setting, this.#ringing]) {
      connection.on('error', (error) => this.#lost(connection, error));
      connection.on('close', () => this.#lost(connection, new Error('the connection was closed')));
      connection.on('ready', () => this.#back(connection));
    }
  }

  async start(listener: AlarmListener): Promise<void> {
    this.#listener = listener;
    this.#startWorker();
  }

  async set(alarms: readonly Alarm[]): Promise<void> {
    const nowMs = Date.now();
    const jobs = alarms.map((alarm) => ({ name: 'ring', data: alarm, opts: { jobId: alarm.id, delay: Math.max(Date.parse(alarm.ringAt) - nowMs, 0) } }));
    await within(SET_MS_MAX, 'setting alarms in Redis', this.#add(jobs));
  }

  problem(): string | undefined {
    return this.#awaySince === undefined ? undefined : `Redis does not answer since ${this.#awaySince}; what falls due is marked when it is back`;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    try {
      // Without Redis, BullMQ waits for it to come back before it ends.
      await within(CLOSE_MS_MAX, 'closing the alarm clock', Promise.all([this.#worker?.close(), this.#queue?.close()]));
    } catch {
      this.#worker?.disconnect().catch(() => undefined); // as soon as it can; nobody waits for it
    } finally {
      this.#setting.disconnect();
      this.#ringing.disconnect();
    }
  }

  async #add(jobs: Parameters<Queue<Alarm>['addBulk']>[0]): Promise<void> {
    const queue = this.#queue ??= this.#openQueue();
    try {
      await queue.waitUntilReady();
    } catch (error) {
      // BullMQ never tries a second time to open what failed once.
      if (this.#queue === queue) this.#queue = undefined;
      throw error;
    }
    await queue.addBulk(jobs);
  }

  #openQueue(): Queue<Alarm> {
    const queue = new Queue<Alarm>(this.queueName, {
      connection: this.#setting, prefix: KEY_PREFIX, streams: { events: { maxLen: BULLMQ_EVENTS_KEPT } },
      defaultJobOptions: { removeOnComplete: { age: RUNG_REMEMBERED_MS / 1_000 }, removeOnFail: true },
    });
    queue.on('error', () => undefined); // the connection tells it itself
    return queue;
  }

  #startWorker(): void {
    if (this.#closing.signal.aborted) return;
    const worker = new Worker<Alarm>(this.queueName, (job, token) => this.#ring(job, token), {
      connection: this.#ringing, prefix: KEY_PREFIX, concurrency: RINGING_MAX, runRetryDelay: FETCH_RETRY_MS,
      lockDuration: LOCK_MS, stalledInterval: STALLED_LOOK_MS, maxStalledCount: STALLED_MAX,
    });
    worker.on('error', (error) => this.#failed(error));
    worker.on('failed', (job, error) => this.report(`an alarm failed, to be set again: ${job?.id ?? 'unknown'}`, error));
    this.#worker = worker;
    worker.waitUntilReady().catch(() => {
      if (this.#closing.signal.aborted) return;
      const again = setTimeout(() => this.#startWorker(), START_RETRY_MS);
      this.#closing.signal.addEventListener('abort', () => clearTimeout(again), { once: true });
    });
  }

  async #ring(job: Job<Alarm>, token: string | undefined): Promise<void> {
    const alarm = parseAlarm(job.data);
    if (!alarm || !this.#listener) throw new UnrecoverableError(`job ${job.id ?? 'unknown'} is no alarm`);
    const ringAtMs = Date.parse(alarm.ringAt);
    if (Date.now() < ringAtMs) {
      // The process that let it out has a clock ahead of this one.
      await job.moveToDelayed(ringAtMs, token);
      throw new DelayedError();
    }
    await this.#listener.ring(alarm);
  }

  #failed(error: Error): void {
    if (isOfConnection(error)) return;
    const code = codeOf(error);
    if (code !== ErrorCode.JobNotExist && code !== ErrorCode.JobLockNotExist && code !== ErrorCode.JobLockMismatch) return this.report('the alarm clock met an error', error);
    const isForgotten = code === ErrorCode.JobNotExist;
    if (isForgotten) this.#listener?.doubt();
    if (performance.now() - this.#lossToldAtMs < TOLD_EVERY_MS) return;
    this.#lossToldAtMs = performance.now();
    this.report(isForgotten ? 'Redis has forgotten alarms while they rang; setting all of them again' : 'alarms rang for so long that another process rings them too', error);
  }

  #lost(connection: Redis, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    if (this.#away.size === 0) {
      this.#awaySince = new Date().toISOString();
      this.report('Redis does not answer; deadlines ring when it is back', error);
    }
    this.#away.add(connection);
  }

  #back(connection: Redis): void {
    if (!this.#away.delete(connection) || this.#away.size > 0) return;
    this.#awaySince = undefined;
    this.report('Redis is back; setting all alarms again');
    this.#listener?.doubt();
  }
}
