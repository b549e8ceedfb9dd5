import type { Comparison } from './compare.js';
import type { RebuildOutcome, RebuildProgress } from './rebuild.js';

/** What a rebuild tells while it goes on, one object a line, and how it ends. */
export type RebuildReport =
  | ({ readonly kind: 'progress' } & RebuildProgress)
  /** The rebuilt tables serve now. `comparison` is null where it was skipped. */
  | { readonly kind: 'swapped'; readonly version: number; readonly build: number; readonly comparison: Comparison | null }
  /** They differ from those that serve, which go on; the rebuilt ones wait for another rebuild, with force. */
  | { readonly kind: 'differs'; readonly version: number; readonly build: number; readonly comparison: Comparison }
  /** The next rebuild goes on from here. */
  | { readonly kind: 'interrupted'; readonly version: number; readonly build: number }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };

export function endOf(outcome: RebuildOutcome): RebuildReport {
  const { version, build } = outcome.build;
  if (outcome.swapped) return { kind: 'swapped', version, build, comparison: outcome.comparison ?? null };
  return 'interrupted' in outcome ? { kind: 'interrupted', version, build } : { kind: 'differs', version, build, comparison: outcome.comparison };
}

/** Lets through the first progress of each phase, and of those that follow one an interval. */
export function thinned(intervalMs: number, tell: (progress: RebuildProgress) => void): (progress: RebuildProgress) => void {
  let last: RebuildProgress | undefined;
  return (progress) => {
    if (last?.phase === progress.phase && progress.elapsedMs - last.elapsedMs < intervalMs) return;
    last = progress;
    tell(progress);
  };
}
