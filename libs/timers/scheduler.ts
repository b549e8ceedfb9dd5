import type { CommandMessage } from '../kernel/command.js';
import type { AnyDeadlineSource, Deadline } from '../kernel/deadline.js';
import type { Instant } from '../kernel/event.js';
import type { Alarm, AlarmClock, ReportTimer } from './alarm-clock.js';
import { systemTime, type Time } from './time.js';

/** Alarms are set this far ahead; later ones come with a later reconciliation. Keeps the clock small however long the agenda. */
export const HORIZON_MS = 150_000;
/** Every row within the horizon is set anew this often: what the clock lost comes back. */
export const RECONCILE_EVERY_MS = 60_000;
/** And so soon after something failed. */
export const RETRY_MS = 5_000;
/** Rows that are new since the last look are set this often: bounds how late a deadline set for "now" is noticed. */
export const LOOK_EVERY_MS = 500;
/** Looks further apart than this by the wall clock mean that it jumped, or that the machine slept: reconcile at once. */
export const JUMP_MS_MIN = 5_000;
export const PAGE_ROWS_MAX = 2_000;

export interface PendingDeadline extends Deadline {
  readonly stream: string;
  readonly kind: string;
  readonly part: string;
  readonly aggregateId: string;
  /** Log position of the event that set it: the same due time set anew later is another deadline. */
  readonly position: number;
}

/** The rows of the deadlines read model. */
export interface PendingDeadlines {
  /** Deadlines that ring up to `until`, in order of (ringAt, stream, kind, part), after the one given. `sincePosition`: only rows written after this log position. */
  page(until: Instant, limit: number, after: PendingDeadline | undefined, sincePosition: number): Promise<readonly PendingDeadline[]>;
  /** The log position that the rows include; -1 before the first event. */
  position(): Promise<number>;
}

/** Sends what an alarm stands for; says what became of it. Rejects when it could not be sent. */
export type SendTimerCommand = (command: CommandMessage, cause: { readonly deadlineId: string; readonly occurredAt: Instant }) => Promise<'carried_out' | 'refused'>;

/** Told of deadlines whose alarms are set, so that what their commands need can be made ready. Never waited for; told again with each reconciliation. */
export type Foresee = (soon: readonly PendingDeadline[]) => void;

/** Nothing in an id of ours is a `|` or a `!`: no two deadlines share an alarm. BullMQ takes no `:` in a job's id. */
const alarmId = ({ stream, kind, part, ringAt, position }: PendingDeadline): string => [kind, stream, part, ringAt, position].join('|').replaceAll(':', '!');

const alarmOf = (deadline: PendingDeadline): Alarm => {
  const { kind, aggregateId, part, dueAt, ringAt } = deadline;
  return { id: alarmId(deadline), ringAt, about: { kind, aggregateId, part, dueAt } };
};

/**
 * Sees to it that each pending deadline rings: sets alarms from the rows, at start, every minute, and as rows appear.
 * The rows are the truth; the clock may forget, repeat or be late without harm. It remembers nothing of single alarms, so
 * any number of schedulers may share a clock.
 */
export class Scheduler {
  #seenPosition = -1;
  #reconcileAtMs = 0;
  #turnedAtMs = 0;
  #cancel: () => void = () => undefined;
  #busy: Promise<void> = Promise.resolve();
  #closed = false;
  /** Since when, and why, alarms cannot be set. */
  #failing: { readonly since: Instant; readonly why: string } | undefined;

  constructor(
    readonly rows: PendingDeadlines,
    readonly clock: AlarmClock,
    readonly sources: readonly AnyDeadlineSource[],
    readonly send: SendTimerCommand,
    readonly report: ReportTimer,
    readonly time: Time = systemTime,
    readonly reconcileEveryMs: number = RECONCILE_EVERY_MS,
    readonly foresee: Foresee = () => undefined,
  ) {}

  /** Resolves when every row within the horizon has its alarm, or when that failed, which is reported and tried again. */
  async start(): Promise<void> {
    await this.clock.start({ ring: (alarm) => this.#ring(alarm), doubt: () => (this.#reconcileAtMs = 0) });
    await this.#turn();
    this.#wait();
  }

  /** Why deadlines are not marked at present, in a sentence; undefined where they are. */
  problem(): string | undefined {
    return this.clock.problem() ?? (this.#failing && `alarms for deadlines cannot be set since ${this.#failing.since}: ${this.#failing.why}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#busy;
    await this.clock.close();
  }

  /** One turn at a time: a slow one delays the next instead of piling up behind it. */
  #wait(): void {
    if (this.#closed) return;
    this.#cancel = this.time.after(LOOK_EVERY_MS, () => {
      this.#busy = this.#turn().then(() => this.#wait());
    });
  }

  async #turn(): Promise<void> {
    const nowMs = this.time.nowMs();
    const jumped = Math.abs(nowMs - this.#turnedAtMs) > JUMP_MS_MIN;
    try {
      if (jumped || nowMs >= this.#reconcileAtMs) await this.#reconcile(nowMs);
      else await this.#look();
      if (this.#failing) this.report('alarms for deadlines are set again');
      this.#failing = undefined;
    } catch (error) {
      this.#retrySoon();
      // Told once, however long it lasts.
      if (!this.#failing) this.report('could not set alarms for deadlines; trying again', error);
      this.#failing ??= { since: new Date(nowMs).toISOString(), why: error instanceof Error ? error.message : String(error) };
    }
    this.#turnedAtMs = this.time.nowMs();
  }

  /** Sets an alarm for every row within the horizon. */
  async #reconcile(nowMs: number): Promise<void> {
    // Before the work: what asks for another reconciliation meanwhile gets it.
    this.#reconcileAtMs = nowMs + this.reconcileEveryMs;
    const position = await this.rows.position();
    await this.#setAll(-1);
    this.#seenPosition = position;
  }

  /** Only what is new since the last look; nothing at all where the view has not moved. */
  async #look(): Promise<void> {
    const position = await this.rows.position();
    if (position <= this.#seenPosition) return;
    await this.#setAll(this.#seenPosition);
    this.#seenPosition = position;
  }

  async #setAll(sincePosition: number): Promise<void> {
    const until = new Date(this.time.nowMs() + HORIZON_MS).toISOString();
    let after: PendingDeadline | undefined;
    // Ends with the rows: each page starts behind the one before.
    do {
      const page: readonly PendingDeadline[] = await this.rows.page(until, PAGE_ROWS_MAX, after, sincePosition);
      if (page.length > 0) {
        await this.clock.set(page.map(alarmOf));
        this.foresee(page);
      }
      after = page.length < PAGE_ROWS_MAX ? undefined : page.at(-1);
    } while (after && !this.#closed);
  }

  async #ring({ id, ringAt, about }: Alarm): Promise<void> {
    const source = this.sources.find(({ kind }) => kind === about.kind);
    if (!source) throw new Error(`no such kind of deadline: ${about.kind}`);
    const command = source.command(about.aggregateId, { dueAt: about.dueAt, ringAt }, about.part);
    const outcome = await this.send(command, { deadlineId: id, occurredAt: ringAt }).catch((error: unknown) => {
      this.#retrySoon();
      throw error;
    });
    // A refusal is no answer: the deciding clock may be behind this one. The alarm is forgotten and comes back with its row.
    if (outcome === 'refused') throw new Error(`${command.type} was refused`);
  }

  #retrySoon(): void {
    this.#reconcileAtMs = Math.min(this.#reconcileAtMs, this.time.nowMs() + RETRY_MS);
  }
}
