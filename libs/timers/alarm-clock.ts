import type { Instant } from '../kernel/event.js';

/** What an alarm is for: goes into the clock with it and comes back with the ring. */
export interface AlarmSubject {
  readonly kind: string;
  readonly aggregateId: string;
  readonly part: string;
  readonly dueAt: Instant;
}

/** Something to be looked at, at a moment. */
export interface Alarm {
  /** Names what it is for; the same alarm set twice rings once. Never digits only, and without `:`. */
  readonly id: string;
  readonly ringAt: Instant;
  readonly about: AlarmSubject;
}

export interface AlarmListener {
  /** May reject: the alarm is then forgotten, and rings again only when it is set again. */
  ring(alarm: Alarm): Promise<void>;
  /** Alarms may have been lost (the clock was away): whoever set them should set them again. */
  doubt(): void;
}

/**
 * Rings alarms, never before their time. Only a clock: an alarm that is lost is set again from the deadlines' rows, one
 * that rings twice changes nothing the second time. An alarm may ring in another process than the one that set it, and
 * may have been set by a process that is long gone.
 */
export interface AlarmClock {
  /** Starts ringing. Does not wait for a server that is away. */
  start(listener: AlarmListener): Promise<void>;
  /** Sets alarms; those already set, ringing, or rung a moment ago stay as they are. Past ones ring at once. Rejects within SET_MS_MAX. */
  set(alarms: readonly Alarm[]): Promise<void>;
  /** Why nothing rings at present, in a sentence; undefined where it does. */
  problem(): string | undefined;
  /** Waits for alarms that are ringing, then stops. */
  close(): Promise<void>;
}

/** How long `set` may take; after it, whether the alarms were set is not known, and setting them again does no harm. */
export const SET_MS_MAX = 5_000;
/** Alarms that ring at the same time, at most: so many appends the event store gathers into one write. */
export const RINGING_MAX = 64;
/** How long a rung alarm is remembered, so that setting it again before its row is gone does not ring it again. */
export const RUNG_REMEMBERED_MS = 60_000;

export type ReportTimer = (message: string, error?: unknown) => void;
