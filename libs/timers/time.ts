/** The time that timers run on: the machine's, or a virtual one that tests and simulations turn by hand. */
export interface Time {
  /** Wall-clock time. It may jump. */
  nowMs(): number;
  /** Calls back once, when `delayMs` have passed. Returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemTime: Time = {
  nowMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
