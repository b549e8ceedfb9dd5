import type { Alarm, AlarmClock } from './alarm-clock.js';

/** Alarms that ring at the same time, at most. */
const RINGING_MAX = 32;
/** setTimeout cannot wait longer than 2^31 - 1 ms. */
const WAIT_MS_MAX = 60_000;
/** How long a rung alarm is remembered, so that setting it again before its row is gone does not ring it again. */
const RUNG_REMEMBERED_MS = 60_000;

export interface ClockTime {
  nowMs(): number;
}

/** A heap of alarms and one timer, for an engine without Redis. What it forgets when the process ends, reconciliation brings back. */
export class InProcessClock implements AlarmClock {
  readonly #heap: Alarm[] = [];
  readonly #set = new Set<string>();
  readonly #rung = new Map<string, number>();
  readonly #ringing = new Set<Promise<void>>();
  #onRing: ((alarm: Alarm) => Promise<void>) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(readonly onError: (error: unknown, alarm: Alarm) => void, readonly time: ClockTime = { nowMs: () => Date.now() }) {}

  async start(onRing: (alarm: Alarm) => Promise<void>): Promise<void> {
    this.#onRing = onRing;
    this.#ring();
  }

  async set(alarms: readonly Alarm[]): Promise<void> {
    for (const alarm of alarms) {
      if (this.#set.has(alarm.id) || this.#rung.has(alarm.id)) continue;
      this.#set.add(alarm.id);
      this.#push(alarm);
    }
    this.#ring();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#ringing);
  }

  /** Rings what is due, as far as RINGING_MAX allows, and waits for the rest. */
  #ring(): void {
    if (this.#closed || !this.#onRing) return;
    clearTimeout(this.#timer);
    const nowMs = this.time.nowMs();
    for (const [id, rungAtMs] of this.#rung) if (nowMs - rungAtMs > RUNG_REMEMBERED_MS) this.#rung.delete(id);
    while (this.#ringing.size < RINGING_MAX && this.#heap[0] && Date.parse(this.#heap[0].ringAt) <= nowMs) this.#ringOne(this.#pop(), this.#onRing);
    const next = this.#heap[0];
    if (next && this.#ringing.size < RINGING_MAX) {
      this.#timer = setTimeout(() => this.#ring(), Math.min(Math.max(Date.parse(next.ringAt) - nowMs, 0), WAIT_MS_MAX));
    }
  }

  #ringOne(alarm: Alarm, onRing: (alarm: Alarm) => Promise<void>): void {
    const ringing = onRing(alarm)
      .then(() => void this.#rung.set(alarm.id, this.time.nowMs()), (error: unknown) => this.onError(error, alarm))
      .finally(() => {
        this.#set.delete(alarm.id);
        this.#ringing.delete(ringing);
        this.#ring();
      });
    this.#ringing.add(ringing);
  }

  #push(alarm: Alarm): void {
    let at = this.#heap.push(alarm) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#heap[parent]!.ringAt <= this.#heap[at]!.ringAt) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #pop(): Alarm {
    const top = this.#heap[0]!;
    const last = this.#heap.pop()!;
    if (this.#heap.length === 0) return top;
    this.#heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (left < this.#heap.length && this.#heap[left]!.ringAt < this.#heap[least]!.ringAt) least = left;
      if (right < this.#heap.length && this.#heap[right]!.ringAt < this.#heap[least]!.ringAt) least = right;
      if (least === at) return top;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}
