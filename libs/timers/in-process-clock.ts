import { RINGING_MAX, RUNG_REMEMBERED_MS, type Alarm, type AlarmClock, type AlarmListener, type ReportTimer } from './alarm-clock.js';
import { AlarmHeap } from './alarm-heap.js';
import { systemTime, type Time } from './time.js';

/** The wall clock is looked at this often while an alarm waits: it may have been set, or the machine have slept. */
const LOOK_MS_MAX = 1_000;

/** A heap of alarms and one timer, for an engine without Redis. What it forgets when the process ends, reconciliation brings back. */
export class InProcessClock implements AlarmClock {
  readonly #heap = new AlarmHeap();
  /** Set or ringing. */
  readonly #known = new Set<string>();
  /** When each was rung, oldest first. */
  readonly #rung = new Map<string, number>();
  readonly #ringing = new Set<Promise<void>>();
  #listener: AlarmListener | undefined;
  #cancel: () => void = () => undefined;
  #closed = false;

  constructor(readonly report: ReportTimer, readonly time: Time = systemTime) {}

  async start(listener: AlarmListener): Promise<void> {
    this.#listener = listener;
    this.#ring();
  }

  async set(alarms: readonly Alarm[]): Promise<void> {
    this.#forgetRung();
    for (const alarm of alarms) {
      if (this.#known.has(alarm.id) || this.#rung.has(alarm.id)) continue;
      this.#known.add(alarm.id);
      this.#heap.push(alarm);
    }
    this.#ring();
  }

  problem(): string | undefined {
    return undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await Promise.all(this.#ringing);
  }

  /** Rings what is due, as far as RINGING_MAX allows, and waits for the rest. */
  #ring(): void {
    if (this.#closed || !this.#listener) return;
    this.#cancel();
    const nowMs = this.time.nowMs();
    for (let next = this.#heap.peek(); next && this.#ringing.size < RINGING_MAX && Date.parse(next.ringAt) <= nowMs; next = this.#heap.peek()) {
      this.#heap.pop();
      this.#ringOne(next, this.#listener);
    }
    const next = this.#heap.peek();
    if (next && this.#ringing.size < RINGING_MAX) this.#cancel = this.time.after(Math.min(Math.max(Date.parse(next.ringAt) - nowMs, 0), LOOK_MS_MAX), () => this.#ring());
  }

  #ringOne(alarm: Alarm, listener: AlarmListener): void {
    const ringing = listener.ring(alarm)
      .then(() => void this.#rung.set(alarm.id, this.time.nowMs()), (error: unknown) => this.report(`an alarm failed, to be set again: ${alarm.id}`, error))
      .finally(() => {
        this.#known.delete(alarm.id);
        this.#ringing.delete(ringing);
        this.#ring();
      });
    this.#ringing.add(ringing);
  }

  #forgetRung(): void {
    const nowMs = this.time.nowMs();
    for (const [id, rungAtMs] of this.#rung) {
      if (Math.abs(nowMs - rungAtMs) <= RUNG_REMEMBERED_MS) return; // the rest rang later; either way of a jump
      this.#rung.delete(id);
    }
  }
}
