import type { CommandMessage } from '../kernel/command.js';
import type { AnyDeadlineSource } from '../kernel/deadline.js';
import type { Instant } from '../kernel/event.js';
import type { PendingDeadline, PendingDeadlines, SendTimerCommand } from '../timers/scheduler.js';

const KIND = 'book_deadline';

interface MarkMissed extends CommandMessage {
  readonly id: string;
  readonly dueAt: Instant;
}

/** The one kind of deadline in the book. */
export const bookDeadline: AnyDeadlineSource = {
  kind: KIND, category: 'book', events: [],
  after: () => undefined,
  command: (id, { dueAt }): MarkMissed => ({ type: 'MarkMissed', id, dueAt }),
};

export interface Mark {
  readonly id: string;
  readonly dueAt: Instant;
  readonly lateMs: number;
}

/** Deadlines in memory, for tests of what rings them: the rows, and a decider that looks again before it marks one. */
export class DeadlineBook implements PendingDeadlines {
  readonly marks: Mark[] = [];
  /** Commands that came, whatever became of them. */
  sent = 0;
  /** Commands that came before their time. */
  early = 0;
  readonly #pending = new Map<string, PendingDeadline>();
  readonly #waiting = new Map<number, () => void>();
  #position = 0;

  constructor(readonly nowMs: () => number = () => Date.now()) {}

  /** Sets a deadline, or sets it anew. Ids may hold what streams may hold. */
  set(id: string, atMs: number): void {
    const dueAt = new Date(atMs).toISOString();
    this.#position += 1;
    this.#pending.set(id, { stream: `book-${id}`, kind: KIND, part: '', aggregateId: id, dueAt, ringAt: dueAt, position: this.#position });
  }

  clear(id: string): void {
    this.#position += 1;
    this.#pending.delete(id);
  }

  async page(until: Instant, limit: number, after: PendingDeadline | undefined, sincePosition: number): Promise<readonly PendingDeadline[]> {
    const order = ({ ringAt, stream }: PendingDeadline): string => `${ringAt} ${stream}`;
    return [...this.#pending.values()]
      .filter((deadline) => deadline.ringAt <= until && deadline.position > sincePosition && (!after || order(deadline) > order(after)))
      .sort((a, b) => (order(a) < order(b) ? -1 : 1))
      .slice(0, limit);
  }

  async position(): Promise<number> {
    return this.#position;
  }

  readonly send: SendTimerCommand = async (command) => {
    const { id, dueAt } = command as MarkMissed; // only bookDeadline makes commands here
    this.sent += 1;
    const lateMs = this.nowMs() - Date.parse(dueAt);
    if (lateMs < 0) {
      this.early += 1;
      return 'refused';
    }
    if (this.#pending.get(id)?.dueAt !== dueAt) return 'carried_out';
    this.clear(id);
    this.marks.push({ id, dueAt, lateMs });
    this.#waiting.get(this.marks.length)?.();
    return 'carried_out';
  };

  /** Resolves at the nth mark. */
  marked(count: number): Promise<void> {
    return this.marks.length >= count ? Promise.resolve() : new Promise((resolve) => this.#waiting.set(count, resolve));
  }

  /** How late the mark was that 99 of 100 are earlier than, in milliseconds. */
  get p99LateMs(): number {
    const sorted = this.marks.map(({ lateMs }) => lateMs).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  }
}
