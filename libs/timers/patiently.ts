import { setTimeout as pause } from 'node:timers/promises';

/** How long a start waits for what shows no sign of life, and how often it looks. */
export interface Patience {
  readonly silenceMsMax: number;
  readonly pauseMs: number;
}

export const START_PATIENCE: Patience = { silenceMsMax: 30_000, pauseMs: 250 };

export interface WaitedFor {
  /** For people, such as "the event store at ESDB_URL". */
  readonly what: string;
  /** Whether this failure says that it does not answer yet; any other ends the wait. */
  readonly isAway: (error: unknown) => boolean;
  /** Whether it is known to be at work, such as a child process that runs: then there is no limit. */
  readonly lives: () => boolean;
  /** Told once, when the wait begins. */
  readonly report: (sentence: string) => void;
}

/**
 * Does work that may be done again until what it needs answers: for as long as that lives, and `silenceMsMax` without a sign
 * of life. @throws the last failure
 */
export async function patiently<T>(
  work: () => Promise<T>, { what, isAway, lives, report }: WaitedFor, patience: Patience = START_PATIENCE,
): Promise<T> {
  let lastSignMs = performance.now();
  let told = false;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error)) throw error;
      if (lives()) lastSignMs = performance.now();
      else if (performance.now() - lastSignMs > patience.silenceMsMax) throw error;
      if (!told) report(`waiting for ${what}, which does not answer yet`);
      told = true;
      await pause(patience.pauseMs);
    }
  }
}
