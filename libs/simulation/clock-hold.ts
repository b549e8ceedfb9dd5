/** Token of the engine's own clock, as far as a simulation must be able to hold it. May be absent: then nothing rings here. */
export const CLOCK_HOLD = Symbol('clock hold');

/**
 * While a simulated past is being written, each of its deadlines looks long overdue to the engine's clock: it would mark as
 * missed what the next simulated day completes, and no two logs of one seed would be the same.
 */
export interface ClockHold {
  /** Resolves when no more alarms ring. Call what it gives to let them ring again, unless the log then ends with an unfinished simulation. */
  hold(): Promise<() => Promise<void>>;
}
