import type { CommandMessage } from '../kernel/command.js';
import type { AnyDeadlineSource, Deadline } from '../kernel/deadline.js';
import type { Instant } from '../kernel/event.js';
import type { Alarm, AlarmClock } from './alarm-clock.js';

/** Alarms are set this far ahead; later ones come with a later reconciliation. Keeps the clock small however long the agenda. */
export const HORIZON_MS = 150_000;
/** Every row within the horizon is set anew this often: what the clock lost comes back. */
export const RECONCILE_EVERY_MS = 60_000;
/** Rows that are new since the last look are set this often: bounds how late a deadline set for "now" is noticed. */
export const LOOK_EVERY_MS = 500;
export const PAGE_ROWS_MAX = 2_000;

export interface PendingDeadline extends Deadline {
  readonly stream: string;
  readonly kind: string;
  readonly part: string;
  readonly aggregateId: string;
}

/** The rows of the deadlines read model. */
export interface PendingDeadlines {
  /** Deadlines that ring up to `until`, in order of (ringAt, stream, kind, part), after the one given. `sincePosition`: only rows written after this log position. */
  page(until: Instant, limit: number, after: PendingDeadline | undefined, sincePosition: number): Promise<readonly PendingDeadline[]>;
  /** The log position that the rows include; -1 before the first event. */
  position(): Promise<number>;
}

/** Sends what an alarm stands for. Resolves when the command was carried out or refused; rejects when it could not be sent. */
export type SendTimerCommand = (command: CommandMessage, cause: { readonly deadlineId: string; readonly occurredAt: Instant }) => Promise<void>;

const alarmId = ({ stream, kind, part, ringAt }: PendingDeadline): string => `${kind}|${stream}|${part}|${ringAt.replaceAll(':', '')}`;

/**
 * Sees to it that each pending deadline rings: sets alarms from the rows, at start, every minute, and as rows appear.
 * The rows are the truth; the clock may forget, repeat or be late without harm.
 */
export class Scheduler {
  readonly #pending = new Map<string, PendingDeadline>();
  #seenPosition = -1;
  #timers: NodeJS.Timeout[] = [];
  #busy: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    readonly rows: PendingDeadlines,
    readonly clock: AlarmClock,
    readonly sources: readonly AnyDeadlineSource[],
    readonly send: SendTimerCommand,
    readonly onError: (error: unknown) => void,
    readonly nowMs: () => number = () => Date.now(),
  ) {}

  async start(): Promise<void> {
    await this.clock.start((alarm) => this.#ring(alarm));
    await this.reconcile();
    this.#timers = [setInterval(() => this.#queue(() => this.reconcile()), RECONCILE_EVERY_MS), setInterval(() => this.#queue(() => this.#look()), LOOK_EVERY_MS)];
  }

  /** Sets an alarm for every row within the horizon. */
  async reconcile(): Promise<void> {
    const position = await this.rows.position();
    const standing = await this.#setAll(-1);
    // Only now: an alarm that rings while the rows are read must still find its deadline.
    for (const id of this.#pending.keys()) if (!standing.has(id)) this.#pending.delete(id);
    this.#seenPosition = position;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#busy;
    await this.clock.close();
  }

  /** Only what is new since the last look; nothing at all where the view has not moved. */
  async #look(): Promise<void> {
    const position = await this.rows.position();
    if (position <= this.#seenPosition) return;
    await this.#setAll(this.#seenPosition);
    this.#seenPosition = position;
  }

  async #setAll(sincePosition: number): Promise<ReadonlySet<string>> {
    const set = new Set<string>();
    const until = new Date(this.nowMs() + HORIZON_MS).toISOString();
    let after: PendingDeadline | undefined;
    for (;;) {
      const page = await this.rows.page(until, PAGE_ROWS_MAX, after, sincePosition);
      for (const deadline of page) {
        this.#pending.set(alarmId(deadline), deadline);
        set.add(alarmId(deadline));
      }
      await this.clock.set(page.map((deadline): Alarm => ({ id: alarmId(deadline), ringAt: deadline.ringAt })));
      if (page.length < PAGE_ROWS_MAX) return set;
      after = page.at(-1);
    }
  }

  async #ring(alarm: Alarm): Promise<void> {
    const deadline = this.#pending.get(alarm.id);
    const source = deadline && this.sources.find(({ kind }) => kind === deadline.kind);
    if (!deadline || !source) return; // gone since: the next reconciliation has the truth
    await this.send(source.command(deadline.aggregateId, deadline, deadline.part), { deadlineId: alarm.id, occurredAt: deadline.ringAt });
    this.#pending.delete(alarm.id);
  }

  /** One look at a time; a look that fails is told and comes again. */
  #queue(look: () => Promise<void>): void {
    if (this.#closed) return;
    this.#busy = this.#busy.then(look).catch((error: unknown) => this.onError(error));
  }
}
