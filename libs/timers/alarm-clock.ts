import type { Instant } from '../kernel/event.js';

/** Something to be looked at, at a moment. */
export interface Alarm {
  /** Names what it is for; the same alarm set twice rings once. Never digits only, and without `:`. */
  readonly id: string;
  readonly ringAt: Instant;
}

/**
 * Rings alarms. Only a clock: an alarm that is lost is set again from the deadlines' rows, one that rings twice
 * changes nothing the second time.
 */
export interface AlarmClock {
  /** Starts ringing. `onRing` may reject: the alarm is then forgotten and comes back at the next reconciliation. */
  start(onRing: (alarm: Alarm) => Promise<void>): Promise<void>;
  /** Sets alarms; those already set (or rung a moment ago) stay as they are. Past ones ring at once. */
  set(alarms: readonly Alarm[]): Promise<void>;
  /** Waits for alarms that are ringing, then stops. */
  close(): Promise<void>;
}
