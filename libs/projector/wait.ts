import { BACKOFF_MS_MAX, BACKOFF_MS_MIN } from './limits.js';

/** Resolves after `delayMs`, or at once when the signal aborts. */
export const pause = (delayMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal?.addEventListener('abort', done, { once: true });
  });

/** How long to wait after the n-th failure in a row (from 1): doubling, bounded, spread so that workers do not march in step. */
export const backoffMs = (failures: number, random: () => number = Math.random): number => Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** Math.min(failures - 1, 20)) * (0.5 + random() / 2);
